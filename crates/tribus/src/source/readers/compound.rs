//! The compound file that an xls workbook is (MS-CFB): chains of sectors, each checked to end.
//!
//! The reader of workbooks follows these chains without counting; a cycle would fill the memory.

use super::columnar::Refusal;

const END_OF_CHAIN: u32 = 0xffff_fffe;
/// From here on a number of a sector means something else.
const RESERVED: u32 = 0xffff_fffa;
const MINI_SECTOR: usize = 64;
/// Shorter streams lie in mini sectors.
const MINI_STREAM: u64 = 4096;
const ENTRY: usize = 128;

/// The stream that holds the workbook.
pub(super) fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let file = Compound::open(bytes)?;
    let names = ["workbook", "book"];
    let mut streams = names.iter().filter_map(|name| file.entry(name));
    let (start, length) = streams.next().ok_or("it holds no workbook")?;
    // The reader follows these chains too, whether it needs them or not.
    let (stream, table) = file.mini()?;
    if length >= MINI_STREAM {
        return file.chain(start, length);
    }
    follow(&stream, MINI_SECTOR, 0, &table, start, length)
}

struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    directory: Vec<u8>,
    /// Where the table of mini sectors begins, if there is one.
    mini_table: Option<u32>,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let header = bytes.get(..512).ok_or("its header is cut short")?;
        let word = |at: usize| numbers(&header[at..at + 4]).next().unwrap_or(END_OF_CHAIN);
        let sector = match header[30] {
            9 => 512,
            12 => 4096,
            _ => return Err("its sectors have no known size".into()),
        };
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            directory: Vec::new(),
            mini_table: (word(64) > 0).then(|| word(60)),
        };
        file.table = file.table_of(&header[76..512], word(68))?;
        file.directory = file.chain(word(48), u64::MAX)?;
        Ok(file)
    }

    /// How many sectors the file can have.
    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector + 1
    }

    /// The table of what follows each sector: the sectors it is in are listed in the header, and then in a chain of their own.
    fn table_of(&self, listed: &[u8], mut next: u32) -> Result<Vec<u32>, Refusal> {
        let mut list: Vec<u32> = numbers(listed).collect();
        let mut lists = 0;
        while next < RESERVED {
            lists += 1;
            if lists > self.sectors() {
                return Err("the list of its sectors never ends".into());
            }
            list.extend(numbers(self.sector(next)?));
            next = list.pop().unwrap_or(END_OF_CHAIN);
        }
        list.retain(|&sector| sector < RESERVED);
        if list.len() > self.sectors() {
            return Err("the table of its sectors is longer than the file".into());
        }
        let mut table = Vec::new();
        for sector in list {
            table.extend(numbers(self.sector(sector)?));
        }
        Ok(table)
    }

    fn sector(&self, number: u32) -> Result<&'a [u8], Refusal> {
        sector_of(self.bytes, self.sector, self.sector, number)
    }

    fn chain(&self, start: u32, length: u64) -> Result<Vec<u8>, Refusal> {
        follow(
            self.bytes,
            self.sector,
            self.sector,
            &self.table,
            start,
            length,
        )
    }

    /// The start and length of the stream of that name.
    fn entry(&self, name: &str) -> Option<(u32, u64)> {
        let mut entries = self.directory.chunks_exact(ENTRY);
        let entry = entries.find(|entry| {
            let letters = entry[..64].as_chunks::<2>().0.iter();
            let letters = letters.map(|unit| u16::from_le_bytes(*unit));
            let letters = char::decode_utf16(letters.take_while(|&unit| unit != 0));
            let found: String = letters.map(|letter| letter.unwrap_or('\u{fffd}')).collect();
            found.eq_ignore_ascii_case(name)
        });
        entry.map(|entry| self.extent(entry))
    }

    /// The stream of mini sectors, and the table of what follows each.
    fn mini(&self) -> Result<(Vec<u8>, Vec<u32>), Refusal> {
        let Some(table) = self.mini_table else {
            return Ok((Vec::new(), Vec::new()));
        };
        let (start, length) = self.root()?;
        let table = self.chain(table, u64::MAX)?;
        Ok((self.chain(start, length)?, numbers(&table).collect()))
    }

    fn root(&self) -> Result<(u32, u64), Refusal> {
        let entry = self.directory.chunks_exact(ENTRY).next();
        Ok(self.extent(entry.ok_or("its directory is empty")?))
    }

    fn extent(&self, entry: &[u8]) -> (u32, u64) {
        let mut words = numbers(&entry[116..128]);
        let mut word = || words.next().unwrap_or_default();
        let (start, low, high) = (word(), word(), word());
        let high = if self.sector == 512 { 0 } else { high };
        (start, u64::from(high) << 32 | u64::from(low))
    }
}

/// The bytes of the chain that begins with `start`, at most `length`. A chain has no more sectors than there are.
fn follow(
    bytes: &[u8],
    sector: usize,
    first: usize,
    table: &[u32],
    start: u32,
    length: u64,
) -> Result<Vec<u8>, Refusal> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut chain = Vec::new();
    let mut next = start;
    for _ in 0..=table.len() {
        if next == END_OF_CHAIN || chain.len() >= length {
            chain.truncate(length);
            return Ok(chain);
        }
        chain.extend_from_slice(sector_of(bytes, sector, first, next)?);
        next = *table
            .get(next as usize)
            .ok_or("a chain of sectors leads out of the file")?;
    }
    Err("a chain of its sectors never ends".into())
}

/// A sector, the last one perhaps cut short; `first` is where the first begins.
fn sector_of(bytes: &[u8], sector: usize, first: usize, number: u32) -> Result<&[u8], Refusal> {
    let start = (number as usize)
        .checked_mul(sector)
        .and_then(|start| start.checked_add(first));
    let rest = start.and_then(|start| bytes.get(start..));
    let rest = rest.filter(|rest| !rest.is_empty());
    let rest = rest.ok_or("a sector lies beyond the end of the file")?;
    Ok(&rest[..rest.len().min(sector)])
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let words = bytes.as_chunks::<4>().0.iter();
    words.map(|word| u32::from_le_bytes(*word))
}
