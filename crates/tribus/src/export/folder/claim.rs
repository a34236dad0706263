//! The claim on a folder: a locked file beside it, so that two processes never write the same folder.
//!
//! The holder removes the file before it lets go. A process that had opened the file before that gets a lock on a file
//! that is no longer there; it sees that and starts again.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::ExportError;
use super::target::Target;

/// At the end of the name of the file.
const SUFFIX: &str = ".tribus-lock";

/// How often a process that waits looks again.
const PAUSE: Duration = Duration::from_millis(20);

/// The claim of this process, given up when dropped.
#[derive(Debug)]
pub(super) struct Claim {
    path: PathBuf,
    /// None where the file system has no locks.
    held: Option<File>,
}

/// What trying to lock the file came to.
enum Attempt {
    Held(File),
    /// Another process holds it, with this number if it could be read.
    Busy(Option<u32>),
    /// The last holder removed the file in between.
    Gone,
    /// The file system has no locks.
    NoLocks,
}

impl Claim {
    /// Claims the folder; waits for another holder as long as `patience` says.
    pub(super) fn of(target: &Target, patience: Duration) -> Result<Self, ExportError> {
        let path = target.parent.join(format!(".{}{SUFFIX}", target.name));
        let start = Instant::now();
        loop {
            match attempt(&path).map_err(ExportError::at(&target.path))? {
                Attempt::Held(file) => {
                    let held = Some(file);
                    return Ok(Self { path, held });
                }
                Attempt::NoLocks => return Ok(Self { path, held: None }),
                Attempt::Gone => {}
                Attempt::Busy(process) if start.elapsed() >= patience => {
                    return Err(ExportError::Busy {
                        path: target.path.clone(),
                        process,
                    });
                }
                Attempt::Busy(_) => sleep(PAUSE),
            }
        }
    }

    /// Whether no other process can hold it.
    pub(super) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // A file that cannot be removed does no harm: nobody holds it any more. Only Unix can tell a waiting process
        // that the file it locked is gone, so elsewhere the file stays.
        if self.is_held() && cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn attempt(path: &Path) -> io::Result<Attempt> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
        // A link that somebody put there must not lead us to another file.
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    let mut file = options.open(path)?;
    match file.try_lock() {
        Ok(()) if is_still_there(&file, path) => {
            // Who holds it is said for people; a failure to say it loses nothing.
            let _ = write_process(&mut file);
            Ok(Attempt::Held(file))
        }
        Ok(()) => Ok(Attempt::Gone),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let read = file.read_to_string(&mut text);
            let process = read.ok().and_then(|_| text.trim().parse().ok());
            Ok(Attempt::Busy(process))
        }
        Err(TryLockError::Error(_)) => {
            let _ = fs::remove_file(path);
            Ok(Attempt::NoLocks)
        }
    }
}

fn write_process(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// Whether the open file is the one that the path leads to.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}
