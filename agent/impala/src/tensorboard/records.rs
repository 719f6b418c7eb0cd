//! TFRecord framing: length, its checksum, the bytes, their checksum; all little-endian.

/// One record around `bytes`.
pub(super) fn record(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_le_bytes();
    let sum = |part: &[u8]| masked_checksum(part).to_le_bytes();
    [&length[..], &sum(&length), bytes, &sum(bytes)].concat()
}

/// CRC-32C (Castagnoli), turned and shifted as the format wants it, so that the checksum of bytes that themselves hold
/// checksums stays a good one.
fn masked_checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_framed_as_by_tensorflow() {
        // The checksums are those that TensorBoard's own reader computes.
        let expected =
            [&3_u64.to_le_bytes()[..], &0x0e49_99b0_u32.to_le_bytes(), b"abc", &0x21f1_576e_u32.to_le_bytes()];
        assert_eq!(record(b"abc"), expected.concat());
    }
}
