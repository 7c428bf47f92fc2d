//! A stream of bytes, encrypted in chunks.
//!
//! The construction is STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, 2015) with AES-256-GCM: the nonce of a chunk is
//! its number and a byte that is one for the last chunk only. A chunk that was changed, moved, doubled or removed does not
//! open, and neither does a stream that was cut off or continued. The key belongs to one stream.

use std::io::{self, BufRead, Read, Write};

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};

use super::error::Damage;

/// Bytes of a chunk before encryption. All but the last have this size.
pub(super) const CHUNK: usize = 64 << 10;
/// Bytes that authenticate a chunk.
pub(super) const TAG: usize = 16;

fn nonce(number: u64, last: bool) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 9..NONCE_LEN - 1].copy_from_slice(&number.to_be_bytes());
    nonce[NONCE_LEN - 1] = u8::from(last);
    Nonce::assume_unique_for_key(nonce)
}

/// Encrypts what is written to it.
pub(super) struct SealedWriter<W> {
    inner: W,
    key: LessSafeKey,
    number: u64,
    chunk: Vec<u8>,
}

impl<W: Write> SealedWriter<W> {
    pub(super) fn new(inner: W, key: LessSafeKey) -> Self {
        Self {
            inner,
            key,
            number: 0,
            chunk: Vec::with_capacity(CHUNK + TAG),
        }
    }

    /// Writes the last chunk. Without it, the stream is refused.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.inner)
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = nonce(self.number, last);
        self.key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut self.chunk)
            .map_err(|_| io::Error::other("encryption failed"))?;
        self.inner.write_all(&self.chunk)?;
        self.chunk.clear();
        self.number += 1;
        Ok(())
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk is kept until more follows, because it may be the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Decrypts a stream. Returns only bytes of chunks that were opened.
pub(super) struct SealedReader<R> {
    inner: R,
    key: LessSafeKey,
    number: u64,
    /// The offset in the file.
    offset: u64,
    sealed: Vec<u8>,
    opened: Vec<u8>,
    /// The position in `opened`.
    at: usize,
    ended: bool,
}

impl<R: BufRead> SealedReader<R> {
    /// `offset` is the position of the stream in its file.
    pub(super) fn new(inner: R, key: LessSafeKey, offset: u64) -> Self {
        Self {
            inner,
            key,
            number: 0,
            offset,
            sealed: Vec::with_capacity(CHUNK + TAG),
            opened: Vec::with_capacity(CHUNK),
            at: 0,
            ended: false,
        }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        self.sealed.clear();
        let size = (CHUNK + TAG) as u64;
        self.inner.by_ref().take(size).read_to_end(&mut self.sealed)?;
        let is_last = self.inner.fill_buf()?.is_empty();
        let to = self.offset + self.sealed.len() as u64;
        if !self.open(is_last) {
            return Err(if self.sealed.len() < TAG || is_last && self.open(false) {
                Damage::Cut(to)
            } else if !is_last && self.open(true) {
                Damage::Appended(to)
            } else {
                Damage::Part { from: self.offset, to }
            }
            .into());
        }
        self.ended = is_last;
        self.number += 1;
        self.offset = to;
        self.at = 0;
        Ok(())
    }

    fn open(&mut self, last: bool) -> bool {
        let Some(length) = self.sealed.len().checked_sub(TAG) else {
            return false;
        };
        let (text, tag) = self.sealed.split_at(length);
        self.opened.resize(length, 0);
        let nonce = nonce(self.number, last);
        let opened = self
            .key
            .open_separate_gather(nonce, Aad::empty(), text, tag, &mut self.opened);
        opened.is_ok()
    }
}

impl<R: BufRead> Read for SealedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.opened.len() {
            if self.ended {
                return Ok(0);
            }
            self.opened.clear();
            self.at = 0;
            if let Err(error) = self.next_chunk() {
                // Nothing of a chunk that does not open is returned later.
                self.opened.clear();
                return Err(error);
            }
        }
        let taken = buffer.len().min(self.opened.len() - self.at);
        buffer[..taken].copy_from_slice(&self.opened[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    //! Sizes around those of chunks. Damage is tested with whole backups in `backup::tests`.

    use aws_lc_rs::aead::{AES_256_GCM, UnboundKey};

    use super::*;

    fn key() -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[3; 32]).unwrap())
    }

    #[test]
    fn a_stream_of_any_size_is_returned() {
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let text: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let mut writer = SealedWriter::new(Vec::new(), key());
            for part in text.chunks(10_007) {
                writer.write_all(part).unwrap();
            }
            let sealed = writer.finish().unwrap();
            assert_eq!(sealed.len(), size + TAG * size.div_ceil(CHUNK).max(1));
            let mut opened = Vec::new();
            let mut reader = SealedReader::new(sealed.as_slice(), key(), 0);
            reader.read_to_end(&mut opened).unwrap();
            assert!(opened == text, "{size}");
        }
    }
}
