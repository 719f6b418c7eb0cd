//! What is known of each face of a picture before its pixels are looked at.

/// Colour and object id of a face.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Face {
    rgb: u32,
    object_id: u16,
    is_shaded: bool,
}

impl Face {
    /// A face of one colour.
    #[inline(always)]
    pub(crate) fn flat(rgb: u32, object_id: u16) -> Self {
        Self { rgb, object_id, is_shaded: false }
    }

    /// A face of the room whose pixels differ in colour.
    #[inline(always)]
    pub(crate) fn shaded() -> Self {
        Self { rgb: 0, object_id: 0, is_shaded: true }
    }

    /// `0x00bbggrr`.
    #[inline(always)]
    pub(crate) fn rgb(self) -> u32 {
        self.rgb
    }

    /// 0 for the room and the background.
    #[inline(always)]
    pub(crate) fn object_id(self) -> u16 {
        self.object_id
    }

    /// Whether the colour is to be found pixel by pixel.
    #[inline(always)]
    pub(crate) fn is_shaded(self) -> bool {
        self.is_shaded
    }
}

/// The faces of a picture by number: the background, then the surfaces, then the triangles of the objects.
#[derive(Debug, Default)]
pub(crate) struct FaceTable(Vec<Face>);

impl FaceTable {
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a face.
    #[inline(always)]
    pub(crate) fn push(&mut self, face: Face) {
        self.0.push(face);
    }

    /// The number that the next face will have.
    #[inline(always)]
    pub(crate) fn next(&self) -> u32 {
        self.0.len() as u32
    }

    #[inline(always)]
    pub(crate) fn of(&self, face: u32) -> Face {
        self.0.get(face as usize).copied().unwrap_or_default()
    }
}
