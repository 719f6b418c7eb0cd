//! The ceiling: a belief that holds the facts themselves.

use groundling_belief::FrozenBelief;
use groundling_questions::Domain;
use groundling_room::WorldFacts;

/// All that the questions rest on, as the output of a belief whose cell is 0. With `S` shapes and `C` colours, in this
/// order:
///
/// - how many objects there are of each shape and colour, `[S * C]`;
/// - how many objects of each colour are near one of each shape, `[S * C]`;
/// - how many objects of each shape are near one of each shape, `[S * S]`;
/// - how many objects there are of each shape, `[S]`, and of each colour, `[C]`;
/// - 1 where there are as many of one shape as of another, `[S * S]`, and of one colour as of another, `[C * C]`; else 0.
///
/// 6,160 numbers for 50 shapes and 10 colours. They are laid out so that a question's words point at the answer: "the
/// color of the chair near the bed" is a colour of chairs and a colour near beds. Only where another chair has a
/// colour that something else near the bed has is that not enough; a table of who is near whom by shape *and* colour
/// would settle those questions, and no decoder could learn its 25,000 entries from some thousand rooms.
pub fn facts_belief(facts: &WorldFacts, domain: &Domain) -> FrozenBelief {
    let (num_shapes, num_colors) = (domain.shapes.len(), domain.colors.len());
    let mut there = vec![0.0; num_shapes * num_colors];
    let mut colors_near = vec![0.0; num_shapes * num_colors];
    let mut shapes_near = vec![0.0; num_shapes * num_shapes];
    let (mut of_shape, mut of_color) = (vec![0.0; num_shapes], vec![0.0; num_colors]);
    let kind = |index: usize| {
        let object = facts.objects.get(index)?;
        let shape = domain.shapes.iter().position(|shape| *shape == object.shape)?;
        let color = domain.colors.iter().position(|color| *color == object.color)?;
        Some((shape, color))
    };
    for index in 0..facts.objects.len() {
        let Some((shape, color)) = kind(index) else { continue };
        there[shape * num_colors + color] += 1.0;
        of_shape[shape] += 1.0;
        of_color[color] += 1.0;
        for (shape_near, color_near) in facts.near(index).into_iter().filter_map(kind) {
            colors_near[shape * num_colors + color_near] += 1.0;
            shapes_near[shape * num_shapes + shape_near] += 1.0;
        }
    }
    let (as_many_of_shape, as_many_of_color) = (as_many(&of_shape), as_many(&of_color));
    let hidden = [there, colors_near, shapes_near, of_shape, of_color, as_many_of_shape, as_many_of_color].concat();
    FrozenBelief::without_cell(hidden)
}

/// 1 where the one count equals the other, else 0: `[N * N]`.
fn as_many(counts: &[f32]) -> Vec<f32> {
    let row = |one: &f32| counts.iter().map(|other| f32::from(u8::from(one == other))).collect::<Vec<f32>>();
    counts.iter().flat_map(row).collect()
}
