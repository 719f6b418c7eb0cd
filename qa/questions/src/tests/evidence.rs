//! Promise: the evidence says what the answer rests on and how that was seen.

use super::rooms::{facts, object};
use crate::Evidence;
use crate::template::Support;

fn seen_at(step: Option<u32>, pixels_now: u32, most_pixels: u32) -> groundling_room::ObjectFacts {
    groundling_room::ObjectFacts { first_seen: step, last_seen: step, pixels_now, most_pixels, ..object(0, 0) }
}

#[test]
fn one_of_several_suffices_or_all_are_needed() {
    let facts = facts(vec![seen_at(Some(10), 0, 90), seen_at(Some(40), 7, 30), seen_at(None, 0, 0)]);
    let any = |indices: &[usize]| Evidence::new(&Support::AnyOf(indices.into()), &facts);
    let all = |indices: &[usize]| Evidence::new(&Support::AllOf(indices.into()), &facts);
    let evidence = |objects: &[u16], seen, in_view, steps_since_seen, most_pixels| Evidence {
        objects: objects.into(),
        seen,
        in_view,
        steps_since_seen,
        most_pixels,
    };
    assert_eq!(any(&[0]), evidence(&[0], true, false, Some(30), 90));
    assert_eq!(any(&[0, 1, 2]), evidence(&[0, 1, 2], true, true, Some(0), 90));
    assert_eq!(any(&[2]), evidence(&[2], false, false, None, 0));
    assert_eq!(all(&[0, 1]), evidence(&[0, 1], true, false, Some(30), 30));
    assert_eq!(all(&[0, 1, 2]), evidence(&[0, 1, 2], false, false, None, 0));
    assert_eq!(all(&[1]), evidence(&[1], true, true, Some(0), 30));
    assert_eq!(Evidence::new(&Support::Everything, &facts), all(&[0, 1, 2]));
}
