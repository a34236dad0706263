//! As much of Thrift's compact protocol as it takes to look into Parquet before its reader does.
//!
//! Nothing is allocated and nothing recurses deeper than [`NESTING`]: whatever the bytes claim, a walk ends with them.

use crate::source::budget::NESTING;

/// The kind of a value, as the protocol numbers them.
pub(crate) type Kind = u8;
pub(crate) const I32: Kind = 5;
pub(crate) const LIST: Kind = 9;
pub(crate) const STRUCT: Kind = 12;

/// Bytes, and how far they are read. Every method returns nothing where the bytes end or make no sense.
#[derive(Debug, Clone)]
pub(crate) struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Thrift<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes are read.
    pub(crate) fn read(&self) -> usize {
        self.at
    }

    /// Walks the fields of a structure: `field` reads those it knows and says so; the others are skipped.
    pub(crate) fn fields(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, Kind) -> Option<bool>,
    ) -> Option<()> {
        let mut id = 0_i16;
        while let Some((next, kind)) = self.field(id)? {
            id = next;
            if !field(self, id, kind)? {
                self.skip(kind, NESTING)?;
            }
        }
        Some(())
    }

    /// The next field of a structure after the field `last`; nothing at its end.
    #[expect(
        clippy::option_option,
        reason = "the end of a structure is no end of the bytes"
    )]
    fn field(&mut self, last: i16) -> Option<Option<(i16, Kind)>> {
        let head = self.byte()?;
        let (step, kind) = (head >> 4, head & 0x0f);
        if kind == 0 {
            return Some(None);
        }
        let id = if step == 0 {
            i16::try_from(self.int()?).ok()?
        } else {
            last.checked_add(i16::from(step))?
        };
        Some(Some((id, kind)))
    }

    /// The kind and number of a list's elements.
    pub(crate) fn list(&mut self) -> Option<(Kind, u64)> {
        let head = self.byte()?;
        let short = u64::from(head >> 4);
        let length = if short == 15 { self.varint()? } else { short };
        Some((head & 0x0f, length))
    }

    /// A whole number.
    pub(crate) fn int(&mut self) -> Option<i64> {
        let zigzag = self.varint()?;
        Some((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
    }

    fn skip(&mut self, kind: Kind, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // A truth value of a field is its kind.
            1 | 2 => Some(()),
            3 => self.forward(1),
            4..=6 => self.int().map(drop),
            7 => self.forward(8),
            8 => {
                let length = self.varint()?;
                self.forward(length)
            }
            LIST | 10 => {
                let (element, length) = self.list()?;
                self.skip_all(length, &[element], depth)
            }
            11 => {
                let length = self.varint()?;
                if length == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                self.skip_all(length, &[kinds >> 4, kinds & 0x0f], depth)
            }
            STRUCT => {
                let mut id = 0;
                while let Some((next, kind)) = self.field(id)? {
                    id = next;
                    self.skip(kind, depth)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    fn skip_all(&mut self, length: u64, kinds: &[Kind], depth: usize) -> Option<()> {
        for _ in 0..length {
            for &kind in kinds {
                // Within lists a truth value takes a byte.
                let kind = if kind == 2 { 1 } else { kind };
                match kind {
                    1 => self.forward(1)?,
                    kind => self.skip(kind, depth)?,
                }
            }
        }
        Some(())
    }

    fn forward(&mut self, length: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        self.at = (end <= self.bytes.len()).then_some(end)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_those_that_are_skipped() {
        // 1: binary "ab", 2: list of two i32, 5: i32 = -3, end.
        let bytes = [0x18, 2, b'a', b'b', 0x19, 0x25, 2, 4, 0x35, 5, 0];
        let mut found = None;
        let mut thrift = Thrift::new(&bytes);
        let walked = thrift.fields(|thrift, id, kind| {
            if (id, kind) == (5, I32) {
                found = Some(thrift.int()?);
                return Some(true);
            }
            Some(false)
        });
        assert_eq!(
            (walked, found, thrift.read()),
            (Some(()), Some(-3), bytes.len())
        );
    }

    #[test]
    fn claims_beyond_the_bytes_and_endless_nesting_end() {
        let skip_all = |bytes: &[u8]| Thrift::new(bytes).fields(|_, _, _| Some(false));
        assert_eq!(skip_all(&[0x18, 0xff, 0xff, 0xff, 0xff, 0x0f]), None);
        assert_eq!(skip_all(&[0x1c; 10_000]), None);
        assert_eq!(skip_all(&[0x19; 10_000]), None);
    }
}
