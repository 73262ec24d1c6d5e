//! Archives as a test needs them, also such as no program makes.
#![allow(dead_code, reason = "not every test packs everything")]

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

pub fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A tar, its names written as they are.
pub fn tarred(members: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// A zip written byte by byte: what its headers say need not be so.
#[derive(Default)]
pub struct RawZip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u16,
}

/// What the headers of a member say.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    pub name: &'a [u8],
    pub flags: u16,
    /// As Unix has it: a link is 0o120000.
    pub mode: u32,
    /// Bytes, if that is not to be what is there.
    pub size: Option<u32>,
    pub checksum: Option<u32>,
}

pub const PLAIN: Member<'static> = Member { name: b"", flags: 0, mode: 0o100644, size: None, checksum: None };

impl RawZip {
    /// Adds the local header and the bytes of a member, deflated; says where.
    pub fn local(&mut self, member: Member<'_>, content: &[u8]) -> (u32, [u32; 3]) {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(content).unwrap();
        let packed = packed.finish().unwrap();
        let mut sum = flate2::Crc::new();
        sum.update(content);
        let sizes = [member.checksum.unwrap_or(sum.sum()), packed.len() as u32, member.size.unwrap_or(content.len() as u32)];
        let at = self.bytes.len() as u32;
        self.bytes.extend(b"PK\x03\x04\x14\x00");
        self.bytes.extend(fields(member, sizes));
        self.bytes.extend(member.name);
        self.bytes.extend(packed);
        (at, sizes)
    }

    /// Adds a member to the directory, which lies at that place.
    pub fn entry(&mut self, member: Member<'_>, (at, sizes): (u32, [u32; 3])) {
        self.directory.extend(b"PK\x01\x02\x14\x03\x14\x00");
        self.directory.extend(fields(member, sizes));
        // No comment, the first disk, no attributes of its own.
        self.directory.extend([0; 6]);
        self.directory.extend((member.mode << 16).to_le_bytes());
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(member.name);
        self.entries += 1;
    }

    pub fn add(mut self, member: Member<'_>, content: &[u8]) -> Self {
        let place = self.local(member, content);
        self.entry(member, place);
        self
    }

    pub fn bytes(self) -> Vec<u8> {
        let entries = self.entries;
        self.claiming(entries)
    }

    /// The archive, whose end says that it has so many members.
    pub fn claiming(mut self, entries: u16) -> Vec<u8> {
        let at = self.bytes.len() as u32;
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
        self.bytes.extend(entries.to_le_bytes());
        self.bytes.extend(entries.to_le_bytes());
        self.bytes.extend((self.directory.len() as u32).to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

/// What both headers of a member have: flags, method, time, checksum, sizes, and the lengths of name and extra field.
fn fields(member: Member<'_>, sizes: [u32; 3]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(member.flags.to_le_bytes());
    out.extend(8_u16.to_le_bytes());
    out.extend([0, 0, 0x21, 0]);
    sizes.iter().for_each(|number| out.extend(number.to_le_bytes()));
    out.extend((member.name.len() as u16).to_le_bytes());
    out.extend([0; 2]);
    out
}
