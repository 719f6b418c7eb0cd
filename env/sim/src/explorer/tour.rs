//! A short way that leads by a number of places, beginning at a given one and ending at any.

/// Which place to go to first on a short open tour; `from_start[i]` is the distance of place `i` from where one
/// stands, `between(i, j)` that of places `i` and `j`. `None` where no place can be reached.
///
/// The nearest neighbour each time, then improved by turning round parts of the tour (2-opt) as long as that helps.
/// Places that cannot be reached from the start are left out.
pub(super) fn first_of_tour(from_start: &[f32], between: impl Fn(usize, usize) -> f32) -> Option<usize> {
    let mut left: Vec<usize> = (0..from_start.len()).filter(|&place| from_start[place].is_finite()).collect();
    let mut tour = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let away = |place: usize| tour.last().map_or(from_start[place], |&last| between(last, place));
        let nearest = (0..left.len()).min_by(|&a, &b| away(left[a]).total_cmp(&away(left[b])))?;
        tour.push(left.swap_remove(nearest));
    }
    // Distances are positive and each turn makes the tour shorter, and so it ends; the bound is for rounding.
    for _ in 0..tour.len() {
        if !turn_parts_round(&mut tour, from_start, &between) {
            break;
        }
    }
    tour.first().copied()
}

/// Tries to turn round every part of the tour once; whether any turn helped.
fn turn_parts_round(tour: &mut [usize], from_start: &[f32], distance: impl Fn(usize, usize) -> f32) -> bool {
    let mut has_helped = false;
    for first in 0..tour.len() {
        for last in first + 1..tour.len() {
            let (a, b) = (tour[first], tour[last]);
            let into = |place: usize| match first.checked_sub(1) {
                Some(before) => distance(tour[before], place),
                None => from_start[place],
            };
            // The tour is open: after the last place there is no way.
            let out = |place: usize| tour.get(last + 1).map_or(0.0, |&after| distance(place, after));
            if into(b) + out(a) < into(a) + out(b) - 1e-4 {
                tour[first..=last].reverse();
                has_helped = true;
            }
        }
    }
    has_helped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places on a line, the start at 0.
    fn first_on_a_line(places: &[f32]) -> Option<usize> {
        let from_start: Vec<f32> = places.iter().map(|place| place.abs()).collect();
        first_of_tour(&from_start, |a, b| (places[a] - places[b]).abs())
    }

    #[test]
    fn the_short_arm_is_walked_first_though_the_nearest_place_lies_in_the_long_one() {
        // To the right 0.5, 4, 8 and back; to the left -1 only: left first is 1 + 1 + 8.
        assert_eq!(first_on_a_line(&[0.5, 4.0, 8.0, -1.0]), Some(3));
    }

    #[test]
    fn what_cannot_be_reached_is_left_out() {
        assert_eq!(first_on_a_line(&[]), None);
        assert_eq!(first_of_tour(&[f32::INFINITY], |_, _| 0.0), None);
        assert_eq!(first_of_tour(&[f32::INFINITY, 2.0], |_, _| f32::INFINITY), Some(1));
    }

    #[test]
    fn no_other_order_of_few_places_is_much_shorter() {
        use groundling_interface::derive;
        use rand::RngExt;

        let mut generator = derive(3, "tour test", &[]);
        let (mut short, mut shortest) = (0.0, 0.0);
        for _ in 0..100 {
            let mut point = || glam::Vec2::new(generator.random_range(0.0..8.0), generator.random_range(0.0..8.0));
            let start = point();
            let mut places: Vec<_> = (0..6).map(|_| point()).collect();
            shortest += best(start, &places);
            let mut here = start;
            while !places.is_empty() {
                let from_start: Vec<f32> = places.iter().map(|place| place.distance(here)).collect();
                let first = first_of_tour(&from_start, |a, b| places[a].distance(places[b])).unwrap();
                let next = places.remove(first);
                short += here.distance(next);
                here = next;
            }
        }
        assert!(short < 1.06 * shortest, "{short} where the best is {shortest}");
    }

    /// The length of the shortest tour, by trying all.
    fn best(from: glam::Vec2, places: &[glam::Vec2]) -> f32 {
        let rest = |index: usize| {
            let mut others = places.to_vec();
            let next = others.remove(index);
            from.distance(next) + best(next, &others)
        };
        (0..places.len()).map(rest).min_by(f32::total_cmp).unwrap_or(0.0)
    }
}
