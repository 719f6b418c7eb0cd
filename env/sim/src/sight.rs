//! How much of each object the agent has seen, counted from the object ids of its pictures.

/// Pixels looked at together.
const BLOCK: usize = 32;

/// What was seen of one object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) pixels_now: u32,
    pub(crate) most_pixels: u32,
    pub(crate) first_seen: Option<u32>,
    pub(crate) last_seen: Option<u32>,
}

/// What was seen of every object in this episode.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    objects: Vec<Seen>,
    counts: Vec<u32>,
}

impl Sight {
    pub(crate) fn reset(&mut self, num_objects: usize) {
        self.objects.clear();
        self.objects.resize(num_objects, Seen::default());
        // One count more, for the room itself.
        self.counts.clear();
        self.counts.resize(num_objects + 1, 0);
    }

    /// Takes note of the picture of `step`; id 0 is the room, id `i + 1` object `i`.
    pub(crate) fn update(&mut self, step: u32, object_ids: &[u16]) {
        self.counts.fill(0);
        // Most of a picture is room: blocks without an object are passed over, and runs are counted as one.
        let (blocks, rest) = object_ids.as_chunks::<BLOCK>();
        for block in blocks {
            if block.iter().fold(0, |any, id| any | id) != 0 {
                self.count(block);
            }
        }
        self.count(rest);
        for (seen, &pixels) in self.objects.iter_mut().zip(&self.counts[1..]) {
            seen.pixels_now = pixels;
            if pixels > 0 {
                seen.most_pixels = seen.most_pixels.max(pixels);
                seen.first_seen.get_or_insert(step);
                seen.last_seen = Some(step);
            }
        }
    }

    fn count(&mut self, object_ids: &[u16]) {
        let mut rest = object_ids;
        while let Some(&id) = rest.first() {
            let run = rest.iter().take_while(|&&other| other == id).count();
            if let Some(count) = self.counts.get_mut(usize::from(id)) {
                *count += run as u32;
            }
            rest = rest.get(run..).unwrap_or(&[]);
        }
    }

    pub(crate) fn of(&self, object: usize) -> Seen {
        self.objects.get(object).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_counted_and_steps_remembered() {
        let mut sight = Sight::default();
        sight.reset(2);
        sight.update(3, &[0, 1, 1, 0]);
        sight.update(5, &[0, 0, 1, 2]);
        sight.update(6, &[0, 0, 0, 2]);
        assert_eq!(sight.of(0), Seen { pixels_now: 0, most_pixels: 2, first_seen: Some(3), last_seen: Some(5) });
        assert_eq!(sight.of(1), Seen { pixels_now: 1, most_pixels: 1, first_seen: Some(5), last_seen: Some(6) });
    }

    #[test]
    fn a_picture_of_many_blocks_is_counted_pixel_by_pixel() {
        let ids: Vec<u16> = (0..1000).map(|pixel| if pixel % 97 < 60 { 0 } else { 1 + pixel / 40 % 3 }).collect();
        let mut sight = Sight::default();
        sight.reset(3);
        sight.update(0, &ids);
        for object in 0..3 {
            let pixels = ids.iter().filter(|&&id| usize::from(id) == object + 1).count();
            assert_eq!(sight.of(object).pixels_now as usize, pixels);
        }
    }
}
