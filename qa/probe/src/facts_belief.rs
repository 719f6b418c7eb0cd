//! The ceiling: a belief that holds the facts themselves.

use groundling_belief::FrozenBelief;
use groundling_questions::Domain;
use groundling_room::WorldFacts;

/// How many objects there are of each shape and colour, `[shapes * colors]`, as the output of a belief whose cell is
/// 0: all that the questions about shapes and colours rest on.
pub fn facts_belief(facts: &WorldFacts, domain: &Domain) -> FrozenBelief {
    let mut counts = vec![0.0; domain.shapes.len() * domain.colors.len()];
    for object in &facts.objects {
        let shape = domain.shapes.iter().position(|shape| *shape == object.shape);
        let color = domain.colors.iter().position(|color| *color == object.color);
        if let (Some(shape), Some(color)) = (shape, color) {
            counts[shape * domain.colors.len() + color] += 1.0;
        }
    }
    FrozenBelief::without_cell(counts)
}
