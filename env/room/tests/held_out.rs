//! Promised of held-out pairs: which they are follows from the settings alone; they are spread evenly, and each shape and
//! each colour keeps others; rooms have none of them, or at least one, as is asked; and without them nothing changes.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::collections::{BTreeMap, BTreeSet};

use groundling_room::{Color, HeldOut, RoomConfig, RoomSpec, Shape};
use proptest::prelude::*;

fn config(num_shapes: usize, num_colors: usize, held_out_share: f32, held_out_draw: u32) -> RoomConfig {
    RoomConfig {
        shapes: Shape::all().take(num_shapes).map(|shape| shape.name().into()).collect(),
        colors: Color::all().take(num_colors).map(|color| color.name().into()).collect(),
        held_out_share,
        held_out_draw,
        ..RoomConfig::default()
    }
}

/// A room of small things, so that a hundred of them are soon drawn.
fn furnished(config: RoomConfig, held_out: HeldOut) -> RoomConfig {
    RoomConfig { held_out, num_objects: [1, 6], object_radius: Some(0.1), ..config }
}

/// Numbers of held-out pairs, of each shape and of each colour that occur.
fn counts(config: &RoomConfig) -> (Vec<usize>, Vec<usize>) {
    let pairs = config.held_out_pairs();
    let of_shape = |shape: Shape| pairs.iter().filter(|pair| pair.0 == shape).count();
    let of_color = |color: Color| pairs.iter().filter(|pair| pair.1 == color).count();
    (
        config.shape_choices().into_iter().map(of_shape).collect(),
        config.color_choices().into_iter().map(of_color).collect(),
    )
}

fn check_spread(config: &RoomConfig) {
    let (by_shape, by_color) = counts(config);
    let spread = |counts: &[usize]| counts.iter().max().unwrap() - counts.iter().min().unwrap();
    assert!(spread(&by_shape) <= 1 && spread(&by_color) <= 1, "{by_shape:?} {by_color:?}");
    assert!(by_shape.iter().all(|&count| count < by_color.len()), "{by_shape:?}");
    assert!(by_color.iter().all(|&count| count < by_shape.len()), "{by_color:?}");
    let (pairs, total) = (config.held_out_pairs(), by_shape.len() * by_color.len());
    assert_eq!(pairs.len(), by_shape.iter().sum::<usize>());
    assert!((pairs.len() as f32 - config.held_out_share * total as f32).abs() <= 0.501);
    let occurs = |&(shape, color): &(Shape, Color)| {
        config.shape_choices().contains(&shape) && config.color_choices().contains(&color)
    };
    assert!(pairs.iter().all(occurs));
}

#[test]
fn a_tenth_of_all_pairs_is_one_of_each_shape_and_five_of_each_color() {
    let config = config(50, 10, 0.1, 0);
    assert_eq!(counts(&config), (vec![1; 50], vec![5; 10]));
    assert_eq!(config.held_out_pairs(), RoomConfig { held_out_share: 0.1, ..RoomConfig::default() }.held_out_pairs());
}

#[test]
fn a_sixth_of_six_by_six_is_a_permutation() {
    assert_eq!(counts(&config(6, 6, 1.0 / 6.0, 3)), (vec![1; 6], vec![1; 6]));
    assert_eq!(counts(&config(6, 6, 0.5, 3)), (vec![3; 6], vec![3; 6]));
    // Every third of the pairs, and a last one over.
    let (mut by_shape, mut by_color) = counts(&config(6, 6, 13.0 / 36.0, 3));
    by_shape.sort_unstable();
    by_color.sort_unstable();
    assert_eq!((by_shape, by_color), (vec![2, 2, 2, 2, 2, 3], vec![2, 2, 2, 2, 2, 3]));
}

#[test]
fn two_by_two_at_a_half_is_a_diagonal() {
    let found: BTreeSet<_> = (0..20).map(|draw| config(2, 2, 0.5, draw).held_out_pairs()).collect();
    let pair = |shape, color| (Shape(shape), Color(color));
    let diagonals = [[pair(0, 0), pair(1, 1)], [pair(0, 1), pair(1, 0)]].map(BTreeSet::from);
    assert_eq!(found, BTreeSet::from(diagonals));
}

#[test]
fn draws_differ_and_the_order_of_names_does_not_matter() {
    let found: BTreeSet<_> = (0..50).map(|draw| config(50, 10, 0.1, draw).held_out_pairs()).collect();
    assert_eq!(found.len(), 50);
    let named = config(7, 5, 0.2, 4);
    let mut turned = named.clone();
    turned.shapes.reverse();
    turned.colors.rotate_left(2);
    assert_eq!(named.held_out_pairs(), turned.held_out_pairs());
}

#[test]
fn every_pair_is_held_out_by_some_draw_as_often_as_another() {
    let mut times: BTreeMap<(Shape, Color), usize> = BTreeMap::new();
    for draw in 0..4_000 {
        config(5, 4, 0.25, draw).held_out_pairs().into_iter().for_each(|pair| *times.entry(pair).or_default() += 1);
    }
    // Each of 20 pairs with chance 1/4: 1000 times, standard deviation 27.
    assert!(times.len() == 20 && times.values().all(|count| (880..1120).contains(count)), "{times:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pairs_are_spread_evenly(num_shapes in 2..=50_usize, num_colors in 2..=10_usize, share in 0.0..=0.5_f32, draw: u32) {
        let config = config(num_shapes, num_colors, share, draw);
        prop_assert_eq!(config.validate().is_ok(), share == 0.0 || !config.held_out_pairs().is_empty());
        check_spread(&config);
    }

    #[test]
    fn rooms_have_none_of_them_or_at_least_one(
        num_shapes in 2..=12_usize, num_colors in 2..=10_usize, share in 0.2..=0.5_f32, draw: u32, seed: u64,
    ) {
        let config = config(num_shapes, num_colors, share, draw);
        let pairs = config.held_out_pairs();
        let held_out = |spec: &RoomSpec| spec.objects.iter().filter(|o| pairs.contains(&(o.shape, o.color))).count();
        for seed in (0..5).map(|i| seed.wrapping_add(i)) {
            let absent = RoomSpec::sample(&furnished(config.clone(), HeldOut::Absent), seed).unwrap();
            prop_assert_eq!(held_out(&absent), 0);
            let present = RoomSpec::sample(&furnished(config.clone(), HeldOut::Present), seed).unwrap();
            prop_assert!(held_out(&present) > 0);
        }
    }
}

#[test]
fn a_room_that_fits_anyway_is_the_room_without_the_setting() {
    let plain = furnished(config(6, 6, 0.0, 0), HeldOut::Absent);
    let [absent, present] = [HeldOut::Absent, HeldOut::Present].map(|held| furnished(config(6, 6, 0.2, 0), held));
    let pairs = absent.held_out_pairs();
    let mut kept = [0, 0];
    for seed in 0..200 {
        let room = RoomSpec::sample(&plain, seed).unwrap();
        let has_some = room.objects.iter().any(|object| pairs.contains(&(object.shape, object.color)));
        let fits = if has_some { &present } else { &absent };
        assert_eq!(RoomSpec::sample(fits, seed).unwrap(), room);
        kept[usize::from(has_some)] += 1;
    }
    assert!(kept.iter().all(|&rooms| rooms > 50), "{kept:?}");
}

#[test]
fn what_is_not_held_out_stays_equally_likely() {
    let config = furnished(config(4, 4, 0.25, 1), HeldOut::Absent);
    let mut times: BTreeMap<(Shape, Color), usize> = BTreeMap::new();
    for seed in 0..4_000 {
        let room = RoomSpec::sample(&config, seed).unwrap();
        room.objects.iter().for_each(|object| *times.entry((object.shape, object.color)).or_default() += 1);
    }
    // 14,000 objects of 12 pairs: 1,167 each, standard deviation 33.
    assert!(times.len() == 12 && times.values().all(|count| (1_030..1_300).contains(count)), "{times:?}");
}

#[test]
fn impossible_settings_are_named() {
    let error = |config: RoomConfig| config.validate().unwrap_err().to_string();
    for share in [-0.1, 0.51, f32::NAN] {
        assert!(error(config(6, 6, share, 0)).starts_with("room.held_out_share = "), "{share}");
    }
    assert!(error(config(1, 6, 0.2, 0)).starts_with("room.held_out_share = 0.2: must be 0 where rooms have 1 shapes"));
    assert!(error(config(6, 1, 0.2, 0)).contains("1 colours: each needs two"));
    assert!(error(config(6, 6, 0.01, 0)).ends_with("must be 0, or large enough to hold out one of 36 pairs"));
    let none = RoomConfig { held_out: HeldOut::Present, ..config(6, 6, 0.0, 0) };
    assert!(error(none).starts_with("room.held_out = present: must be absent where none is held out"));
    let empty = RoomConfig { held_out: HeldOut::Present, num_objects: [0, 3], ..config(6, 6, 0.2, 0) };
    assert!(error(empty).starts_with("room.num_objects = [0, 3]: must be at least 1 where room.held_out = present"));
}
