//! Permissions of the files that are written.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::str::FromStr;

/// Permissions of files in the notation of `chmod`: the owner may read and write, others what the digits say. Where none are
/// given, files are readable by their owner only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMode(u32);

/// What the owner must be allowed.
const OWNER: u32 = 0o600;
/// All there is to allow.
const ALL: u32 = 0o777;
/// Reading, for everybody.
const READ: u32 = 0o444;

impl FromStr for FileMode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if !cfg!(unix) {
            return Err("permissions are set in this way on Unix only".to_owned());
        }
        let digits = text.strip_prefix("0o").unwrap_or(text);
        let is_octal = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        let mode = is_octal
            .then(|| u32::from_str_radix(digits, 8).ok())
            .flatten();
        mode.filter(|mode| mode & !ALL == 0 && mode & OWNER == OWNER)
            .map(Self)
            .ok_or_else(|| {
                "it is an octal number from 0600 to 0777 that lets the owner read and write, such as 0640"
                    .to_owned()
            })
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl FileMode {
    /// That of a file; none where the system has no such permissions, or where the owner could not write it again.
    pub(super) fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path).ok()?.permissions().mode() & ALL;
            Some(Self(mode | OWNER))
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            None
        }
    }

    /// That of the folder around such files: who may read them may enter it.
    #[must_use]
    pub(super) fn of_folder(self) -> Self {
        Self(self.0 | 0o700 | ((self.0 & READ) >> 2))
    }

    /// Gives an open file these permissions, whatever the umask says.
    ///
    /// # Errors
    /// What the system says.
    pub fn set(self, file: &File) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.set_permissions(fs::Permissions::from_mode(self.0))
        }
        #[cfg(not(unix))]
        {
            let _ = file;
            Ok(())
        }
    }

    /// Gives what stands at a path these permissions.
    pub(super) fn set_at(self, path: &Path) -> io::Result<()> {
        self.set(&File::open(path)?)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_octal_and_leaves_the_owner_his_file() {
        for text in ["0640", "640", "0o644", "0600", "0777"] {
            assert!(text.parse::<FileMode>().is_ok(), "{text}");
        }
        for text in [
            "",
            "0o",
            "rw-r-----",
            "0440",
            "0400",
            "1777",
            "0800",
            "-640",
            "+640",
            "6400",
        ] {
            assert!(text.parse::<FileMode>().is_err(), "{text}");
        }
    }

    #[test]
    fn who_may_read_the_files_may_enter_the_folder() {
        let folder = |text: &str| text.parse::<FileMode>().unwrap().of_folder().to_string();
        assert_eq!(folder("0600"), "0700");
        assert_eq!(folder("0640"), "0750");
        assert_eq!(folder("0644"), "0755");
        assert_eq!(folder("0660"), "0770");
    }
}
