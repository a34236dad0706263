//! How much memory reading may take.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was said; 0 as long as nothing was.
static LIMIT: AtomicU64 = AtomicU64::new(0);

/// Half of what is free when reading begins.
static USUAL: LazyLock<u64> =
    LazyLock::new(|| available().map_or(u64::MAX, |free| (free / 2).max(LEAST)));

/// So much is allowed however little is free.
const LEAST: u64 = 256 << 20;

/// A number of bytes, as people write it: `512MB`, `8G`, `1.5 GB`. Units are those of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemorySize(pub u64);

impl FromStr for MemorySize {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is no size such as 512MB or 8GB");
        let text = text.trim().to_ascii_uppercase();
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match text[digits.len()..]
            .trim_end_matches('B')
            .trim_end_matches('I')
        {
            "K" => 1_u64 << 10,
            "M" => 1 << 20,
            "G" => 1 << 30,
            "T" => 1 << 40,
            _ => return Err(problem()),
        };
        let number: f64 = digits.trim().parse().map_err(|_| problem())?;
        let bytes = number * unit as f64;
        let fits = (LEAST as f64 / 256.0..1e18).contains(&bytes);
        fits.then_some(Self(bytes as u64)).ok_or_else(problem)
    }
}

impl Display for MemorySize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 10 << 30 => write!(f, "{} GB", bytes >> 30),
            bytes if bytes >= 1 << 30 => write!(f, "{:.1} GB", bytes as f64 / (1_u64 << 30) as f64),
            bytes => write!(f, "{} MB", bytes >> 20),
        }
    }
}

/// From here on reading one input takes at most about so much memory; more is refused.
pub fn limit_memory(size: MemorySize) {
    LIMIT.store(size.0, Ordering::Relaxed);
}

/// What reading one input may take: what was said, else half of what is free.
pub(super) fn allowed() -> u64 {
    match LIMIT.load(Ordering::Relaxed) {
        0 => *USUAL,
        said => said,
    }
}

/// The memory that is free, where the system tells.
pub(super) fn available() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    let free = kilobytes << 10;
    Some(left_of_group().map_or(free, |left| left.min(free)))
}

/// What a container may still take.
fn left_of_group() -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        let text = std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        text.trim().parse().ok()
    };
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let size = |text: &str| text.parse::<MemorySize>().map(|size| size.0);
        assert_eq!(size("512MB"), Ok(512 << 20));
        assert_eq!(size("8g"), Ok(8 << 30));
        assert_eq!(size(" 1.5 GiB "), Ok(3 << 29));
        for wrong in [
            "", "8", "GB", "-1GB", "1XB", "1 byte", "nanGB", "1K", "1e30GB",
        ] {
            size(wrong).unwrap_err();
        }
        assert_eq!(MemorySize(3 << 29).to_string(), "1.5 GB");
        assert_eq!(MemorySize(512 << 20).to_string(), "512 MB");
    }
}
