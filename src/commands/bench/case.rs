//! Which picture sizes and numbers of objects are measured.

use std::str::FromStr;

use anyhow::Result;

use super::Configured;
use crate::config::Config;

/// Columns and rows of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
        let (width, height) = sides.ok_or("must be columns x rows, like 96x72")?;
        Ok(Self { width, height })
    }
}

const USUAL_SIZE: Size = Size { width: 96, height: 72 };
const USUAL_OBJECTS: u32 = 12;

/// What is measured when nothing is chosen.
const CASES: [(Size, u32); 5] = [
    (USUAL_SIZE, USUAL_OBJECTS),
    (Size { width: 64, height: 64 }, USUAL_OBJECTS),
    (Size { width: 160, height: 120 }, USUAL_OBJECTS),
    (USUAL_SIZE, 4),
    (USUAL_SIZE, 40),
];

/// The configurations to measure: the product of the sizes and numbers chosen, or the usual five; one, where the user's
/// own settings decide what there is, or `quick` is wanted.
pub(super) fn configs(configured: &Configured, sizes: &[Size], objects: &[u32], quick: bool) -> Result<Vec<Config>> {
    let decides = |setting: &String| {
        ["camera.width", "camera.height", "room.num_objects"].iter().any(|key| setting.trim_start().starts_with(key))
    };
    let is_chosen = !(sizes.is_empty() && objects.is_empty());
    if !is_chosen && (configured.config.is_some() || configured.set.iter().any(decides)) {
        return Ok(vec![configured.config(&usual(USUAL_SIZE, USUAL_OBJECTS))?]);
    }
    let mut cases = Vec::new();
    if is_chosen {
        let sizes = if sizes.is_empty() { &[USUAL_SIZE] } else { sizes };
        let objects = if objects.is_empty() { &[USUAL_OBJECTS] } else { objects };
        cases.extend(sizes.iter().flat_map(|&size| objects.iter().map(move |&objects| (size, objects))));
    } else {
        cases.extend_from_slice(if quick { &CASES[..1] } else { &CASES });
    }
    let config = |(size, objects): (Size, u32)| {
        let chosen = Configured {
            config: configured.config.clone(),
            set: [&configured.set[..], &usual(size, objects)].concat(),
        };
        if configured.config.is_some() { chosen.config(&[]) } else { configured.config(&usual(size, objects)) }
    };
    cases.into_iter().map(config).collect()
}

/// Settings of a case. Many objects find place in the largest room there is, square, with the least clearances; random
/// seeds are drawn for minutes, and none may be too small.
fn usual(size: Size, objects: u32) -> Vec<String> {
    let mut settings = vec![
        format!("camera.width={}", size.width),
        format!("camera.height={}", size.height),
        format!("room.num_objects=[{objects}, {objects}]"),
    ];
    settings.extend(if objects <= 16 {
        vec!["room.side=[8.0, 8.0]".to_owned()]
    } else {
        let room = ["layout=\"square\"", "side=[12.0, 12.0]", "object_clearance=0.4", "wall_clearance=0.4"];
        room.map(|setting| format!("room.{setting}")).to_vec()
    });
    settings
}

/// A case in words.
pub(super) fn in_words(config: &Config) -> String {
    let [least, most] = config.room.num_objects;
    let objects = if least == most { format!("{least}") } else { format!("{least} to {most}") };
    let repeat = config.control.action_repeat;
    format!("{}x{}, {objects} objects, action_repeat {repeat}", config.camera.width, config.camera.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(set: &[&str], sizes: &[&str], objects: &[u32], quick: bool) -> Vec<(usize, usize, u32)> {
        let configured = Configured { config: None, set: set.iter().map(ToString::to_string).collect() };
        let sizes: Vec<Size> = sizes.iter().map(|size| size.parse().unwrap()).collect();
        let configs = configs(&configured, &sizes, objects, quick).unwrap();
        configs.iter().map(|c| (c.camera.width, c.camera.height, c.room.num_objects[0])).collect()
    }

    #[test]
    fn what_is_not_chosen_is_usual() {
        assert_eq!(cases(&[], &[], &[], false).len(), 5);
        assert_eq!(cases(&[], &[], &[], true), [(96, 72, 12)]);
        assert_eq!(cases(&["control.action_repeat=1"], &[], &[], false).len(), 5);
        assert_eq!(cases(&["camera.width=32"], &[], &[], false), [(32, 72, 12)]);
        assert_eq!(cases(&[], &["64x48", "32x24"], &[3], false), [(64, 48, 3), (32, 24, 3)]);
        assert_eq!(cases(&[], &[], &[3, 5], false), [(96, 72, 3), (96, 72, 5)]);
    }

    #[test]
    fn sizes_are_two_numbers() {
        for wrong in ["", "96", "96x", "x72", "-1x3", "96x72x1", "1e3x10"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }
}
