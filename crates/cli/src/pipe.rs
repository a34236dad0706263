//! Standard output that may be closed early.

use std::io::{self, Write};

/// A writer whose reader may go away: what is written after that is dropped without complaint.
#[derive(Debug)]
pub(crate) struct Tolerant<W> {
    inner: W,
    closed: bool,
}

impl<W: Write> Tolerant<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner,
            closed: false,
        }
    }

    fn or_closed<T>(&mut self, outcome: io::Result<T>, as_if: T) -> io::Result<T> {
        match outcome {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(as_if)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Tolerant<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let outcome = self.inner.write(bytes);
        self.or_closed(outcome, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let outcome = self.inner.flush();
        self.or_closed(outcome, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader reads a little, then goes.
    struct Leaving {
        room: usize,
    }

    impl Write for Leaving {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let taken = bytes.len().min(self.room);
            self.room -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A disk without room.
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_may_leave_but_a_full_disk_is_told() {
        let mut out = Tolerant::new(Leaving { room: 3 });
        assert!(out.write_all(b"a long line\n").is_ok() && out.flush().is_ok());
        assert!(Tolerant::new(Full).write_all(b"x").is_err());
    }
}
