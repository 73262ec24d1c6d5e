//! How far the letters of a text reach, and what stands between its words: told of eight bytes at once, as nearly every word with
//! the blank behind it has no more.

/// A bit in each of eight bytes, the lowest.
const ONES: u64 = u64::from_le_bytes([1; 8]);
/// The highest bit of each, which is set in none that is ASCII.
const HIGH: u64 = ONES << 7;

/// How many bytes at the beginning are ASCII letters.
#[inline]
pub fn letters(bytes: &[u8]) -> usize {
    leading(bytes, are_letters)
}

/// How many bytes at the beginning are ASCII, and neither letters nor digits.
pub fn marks(bytes: &[u8]) -> usize {
    leading(bytes, |eight| !(are_letters(eight) | are_between(eight, b'0', b'9') | eight))
}

/// How many bytes at the beginning are such that `are` sets their highest bits.
#[inline]
fn leading(bytes: &[u8], are: impl Fn(u64) -> u64) -> usize {
    let others = |eight: [u8; 8]| !are(u64::from_le_bytes(eight)) & HIGH;
    let first = |others: u64| others.trailing_zeros() as usize / 8;
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let others = others(*eight);
        if others != 0 {
            return bytes.len() - rest.len() + first(others);
        }
        rest = behind;
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    bytes.len() - rest.len() + first(others(last)).min(rest.len())
}

/// Sets the highest bit of the bytes that are ASCII letters. A letter in lower case has one bit more than in upper case.
fn are_letters(eight: u64) -> u64 {
    are_between(eight | ONES << 5, b'a', b'z')
}

/// Sets the highest bit of the bytes between two that are ASCII; the other bits are of no meaning. No sum of two times seven bits
/// reaches into the next byte.
fn are_between(eight: u64, first: u8, last: u8) -> u64 {
    let low = eight & !HIGH;
    let from_first = low + ONES * u64::from(0x80 - first);
    let beyond_last = low + ONES * u64::from(0x7f - last);
    from_first & !beyond_last & !eight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_in_every_place() {
        for place in 0..20 {
            for behind in [0, 1, 7, 8] {
                for byte in 0..=u8::MAX {
                    let is_letter = byte.is_ascii_alphabetic();
                    let is_mark = byte.is_ascii() && !byte.is_ascii_alphanumeric();
                    for (count, filler, is) in [(letters as fn(&[u8]) -> usize, b'a', is_letter), (marks, b' ', is_mark)] {
                        let mut bytes = vec![filler; place];
                        bytes.push(byte);
                        bytes.extend(vec![filler; behind]);
                        assert_eq!(count(&bytes), if is { bytes.len() } else { place }, "{bytes:?}");
                    }
                }
            }
        }
        assert_eq!((letters(b""), marks(b"")), (0, 0));
    }
}
