//! Answers a question from its English text and the room, knowing nothing of templates: the slow way, for comparison.

use groundling_room::{Color, Shape, WorldFacts};

/// What is told apart from "not near" by less than this is left open, metres.
pub(super) const MARGIN: f32 = 0.15;

fn article_for(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

pub(super) fn many(shape: Shape) -> String {
    match shape.name() {
        "arch" => "arches".into(),
        "cactus" => "cactuses".into(),
        name => format!("{name}s"),
    }
}

fn yes_or_no(holds: bool) -> Option<String> {
    Some(if holds { "yes" } else { "no" }.into())
}

/// Indices of the objects whose colour or shape has this name.
fn called(name: &str, facts: &WorldFacts) -> Vec<usize> {
    let is_called = |&index: &usize| {
        let object = &facts.objects[index];
        object.color.name() == name || object.shape.name() == name || many(object.shape) == name
    };
    (0..facts.objects.len()).filter(is_called).collect()
}

fn the_only(name: &str, facts: &WorldFacts) -> Option<usize> {
    match called(name, facts)[..] {
        [index] => Some(index),
        _ => None,
    }
}

/// The one object of this name near the only object of that one. `None` where a near distance that is a little larger
/// or smaller would give another.
fn near(name: &str, place: &str, facts: &WorldFacts) -> Option<usize> {
    let place = the_only(place, facts)?;
    let found = |near_distance: f32| {
        let near = WorldFacts { near_distance, ..facts.clone() }.near(place);
        called(name, facts).into_iter().filter(|index| near.contains(index)).collect::<Vec<_>>()
    };
    let least = found(facts.near_distance - MARGIN);
    match least[..] {
        [index] if found(facts.near_distance + MARGIN) == least => Some(index),
        _ => None,
    }
}

/// `None` where there is not one answer, or none worth asking for.
pub(super) fn read(text: &str, facts: &WorldFacts) -> Option<String> {
    let text = text.strip_suffix('?')?;
    let color = |index: usize| facts.objects[index].color.name().to_string();
    let shape = |index: usize| facts.objects[index].shape.name().to_string();
    if let Some(rest) = text.strip_prefix("What is the color of the ") {
        return match rest.split_once(" near the ") {
            Some((name, place)) => near(name, place, facts).map(color),
            None => the_only(rest, facts).map(color),
        };
    }
    if let Some(rest) = text.strip_prefix("What is the ") {
        let (name, place) = rest.split_once(" object near the ")?;
        return near(name, place, facts).map(shape);
    }
    if let Some(name) = text.strip_prefix("What shape is the ").and_then(|rest| rest.strip_suffix(" object")) {
        return the_only(name, facts).map(shape);
    }
    if let Some(name) = text.strip_prefix("Is there a ").or(text.strip_prefix("Is there an ")) {
        return yes_or_no(!called(name, facts).is_empty());
    }
    if let Some(name) = text.strip_prefix("How many ").and_then(|rest| rest.strip_suffix(" are there")) {
        let name = name.strip_suffix(" objects").unwrap_or(name);
        return Some(called(name, facts).len().to_string());
    }
    let (one, other) = text.strip_prefix("Are there the same number of ")?.split_once(" as ")?;
    let number = |name: &str| called(name.strip_suffix(" objects").unwrap_or(name), facts).len();
    let (one, other) = (number(one), number(other));
    if one + other == 0 { None } else { yes_or_no(one == other) }
}

/// Every sentence that can be made of these colours and shapes, whether or not it has an answer.
pub(super) fn all_sentences(colors: &[Color], shapes: &[Shape]) -> Vec<String> {
    let mut sentences = Vec::new();
    for shape in shapes {
        let name = shape.name();
        sentences.push(format!("What is the color of the {name}?"));
        sentences.push(format!("Is there {} {name}?", article_for(name)));
        sentences.push(format!("How many {} are there?", many(*shape)));
        for other in shapes.iter().filter(|other| *other != shape) {
            sentences.push(format!("Are there the same number of {} as {}?", many(*shape), many(*other)));
            sentences.push(format!("What is the color of the {name} near the {}?", other.name()));
        }
        for color in colors {
            sentences.push(format!("What is the {} object near the {name}?", color.name()));
        }
    }
    for color in colors {
        let name = color.name();
        sentences.push(format!("What shape is the {name} object?"));
        sentences.push(format!("How many {name} objects are there?"));
        for other in colors.iter().filter(|other| *other != color) {
            let other = other.name();
            sentences.push(format!("Are there the same number of {name} objects as {other} objects?"));
        }
    }
    sentences
}
