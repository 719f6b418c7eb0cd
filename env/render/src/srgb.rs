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

    /// The byte for a strength; what lies outside `[0, 1]` is clamped, NaN is black.
    #[inline(always)]
    pub(crate) fn byte(&self, linear: f32) -> u8 {
        let clamped = if linear > 0.0 { linear } else { 0.0 };
        let clamped = if clamped < 1.0 { clamped } else { 1.0 };
        let index = (clamped * LAST as f32 + 0.5) as i32 as usize;
        self.0[index & LAST]
    }

    #[inline(always)]
    pub(crate) fn bytes(&self, linear: [f32; 3]) -> [u8; 3] {
        [self.byte(linear[0]), self.byte(linear[1]), self.byte(linear[2])]
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
