//! Linear light to sRGB bytes, by table.

const LAST: usize = 4095;

/// sRGB byte of each of 4,096 equally spaced strengths of linear light.
#[derive(Debug)]
pub(crate) struct SrgbTable(Box<[u8; LAST + 1]>);

impl SrgbTable {
    pub(crate) fn new() -> Self {
        let mut bytes = Box::new([0; LAST + 1]);
        for (i, byte) in bytes.iter_mut().enumerate() {
            let linear = i as f32 / LAST as f32;
            let encoded =
                if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * libm::powf(linear, 1.0 / 2.4) - 0.055 };
            *byte = (encoded * 255.0 + 0.5) as u8;
        }
        Self(bytes)
    }

    /// Where in the table a strength is found; what lies outside `[0, 1]` is clamped, NaN is black.
    #[inline(always)]
    pub(crate) fn index(linear: f32) -> u32 {
        let clamped = if linear > 0.0 { linear } else { 0.0 };
        let clamped = if clamped < 1.0 { clamped } else { 1.0 };
        // Beside 2^23 a float has no bits for a fraction: the sum holds the nearest whole number in its lowest bits.
        const SHIFT: f32 = 8_388_608.0;
        (clamped * LAST as f32 + SHIFT).to_bits() - SHIFT.to_bits()
    }

    /// The byte at an index.
    #[inline(always)]
    pub(crate) fn at(&self, index: u32) -> u8 {
        self.0[index as usize & LAST]
    }

    #[inline(always)]
    pub(crate) fn bytes(&self, linear: [f32; 3]) -> [u8; 3] {
        linear.map(|strength| self.at(Self::index(strength)))
    }
}

#[cfg(test)]
mod tests {
    use super::SrgbTable;

    #[test]
    fn known_values() {
        let table = SrgbTable::new();
        assert_eq!(table.bytes([0.0, 1.0, 0.215_86]), [0, 255, 128]);
        assert_eq!(table.bytes([-1.0, 7.0, f32::NAN]), [0, 255, 0]);
    }
}
