//! A number of bytes as people write it: `500K`, `16M`, `1GiB`.

/// The bytes that a text says.
pub fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let power = match unit.to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("a size is written as 500000, 500K, 16M or 1G".into()),
    };
    let bytes = number.parse().ok().and_then(|number: u64| number.checked_mul(1 << power));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| "a size is a number of bytes above 0, as 500K or 16M".into())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [("500", 500), ("500K", 500 << 10), ("16m", 16 << 20), ("16MiB", 16 << 20), ("1GB", 1 << 30)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "M", "1.5M", "-1", "16 M", "16X", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
