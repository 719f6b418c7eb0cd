//! Pictures as part of the page's own text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The address of a picture that is its own content.
pub(super) fn data_address(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

/// Width and height of a PNG in pixels, from its first chunk, which is always the header; `None` of what is not a PNG.
pub(super) fn size(png: &[u8]) -> Option<[u32; 2]> {
    let rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let header = rest.get(4..)?.strip_prefix(b"IHDR")?;
    let side = |from: usize| Some(u32::from_be_bytes(header.get(from..from + 4)?.try_into().ok()?));
    let size = [side(0)?, side(4)?];
    size.iter().all(|&side| side > 0).then_some(size)
}
