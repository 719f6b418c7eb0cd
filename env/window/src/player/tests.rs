//! Promised of the player: every key does what the help says, playing keeps the pace of the clock however seldom it is
//! asked, and nothing leaves the episode.

use glam::Vec3;
use groundling_room::{Camera, Projection};

use super::*;

const SIZE: (usize, usize) = (1280, 720);

fn player_of(num_steps: usize, from: u32, to: u32) -> Player {
    let eye = |step: usize| Camera {
        position: Vec3::new(step as f32, 1.0, 0.0),
        yaw: 0.0,
        pitch: 0.0,
        projection: Projection::Perspective { fov_y: 1.0 },
    };
    let episode = Episode {
        title: "an episode".into(),
        seconds_per_step: 0.1,
        eyes: (0..=num_steps).map(eye).collect(),
        rewarded: vec![],
        views: ["story", "first-person", "top-down", "orbit"].map(String::from).to_vec(),
        num_questions: 3,
        warning: None,
    };
    Player::new(episode, Opening { size: None, from, to, rate: 10.0, view: 0, question: 0 })
}

fn press(player: &mut Player, key: Key) {
    player.press(Press { key, shift: false, repeated: false });
}

fn sign(player: &mut Player, sign: char) {
    press(player, Key::Sign(sign));
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[test]
fn playing_keeps_the_clocks_pace_however_seldom_it_is_asked() {
    for between in [0.01, 0.1, 0.37, 2.0] {
        let mut player = player_of(100, 0, 100);
        player.advance(seconds(50.0));
        press(&mut player, Key::Space);
        let mut elapsed = 0.0;
        while elapsed < 6.0 {
            elapsed += between;
            player.advance(seconds(50.0 + elapsed));
            let due = (10.0 * elapsed).min(100.0) as u32;
            assert!(player.step().abs_diff(due) <= 1, "{} and not {due} after {elapsed} s", player.step());
        }
        assert!(player.is_playing());
    }
}

#[test]
fn speed_changes_the_pace_within_bounds() {
    let mut player = player_of(1000, 0, 1000);
    sign(&mut player, '+');
    sign(&mut player, '=');
    press(&mut player, Key::Space);
    player.advance(seconds(1.0));
    assert_eq!((player.speed(), player.rate(), player.step()), (4.0, 40.0, 40));
    for _ in 0..20 {
        sign(&mut player, '-');
    }
    assert_eq!(player.speed(), SPEEDS[0]);
    for _ in 0..20 {
        sign(&mut player, '+');
    }
    assert_eq!(player.speed(), SPEEDS[SPEEDS.len() - 1]);
}

#[test]
fn it_rests_until_the_next_step_and_no_longer() {
    let mut player = player_of(100, 0, 100);
    assert_eq!(player.rest(), None);
    press(&mut player, Key::Space);
    player.advance(seconds(0.03));
    let rest = player.rest().unwrap();
    assert!((rest.as_secs_f64() - 0.07).abs() < 1e-6, "{rest:?}");
    player.advance(seconds(0.03) + rest + seconds(1e-6));
    assert_eq!(player.step(), 1);
}

#[test]
fn playing_ends_at_the_last_step_that_was_asked_for_and_begins_anew_from_the_first() {
    let mut player = player_of(100, 20, 30);
    assert_eq!(player.step(), 20);
    press(&mut player, Key::Space);
    player.advance(seconds(5.0));
    assert_eq!((player.step(), player.is_playing(), player.rest()), (30, false, None));
    press(&mut player, Key::Space);
    assert_eq!((player.step(), player.is_playing()), (20, true));
    // Beyond it the rest is played.
    press(&mut player, Key::Right);
    player.go_to(60);
    press(&mut player, Key::Space);
    player.advance(seconds(60.0));
    assert_eq!(player.step(), 100);
}

#[test]
fn a_loop_goes_around_within_the_part_that_was_asked_for() {
    let mut player = player_of(100, 20, 29);
    sign(&mut player, 'l');
    press(&mut player, Key::Space);
    player.advance(seconds(0.9));
    assert_eq!(player.step(), 29, "the last is shown too");
    player.advance(seconds(1.0));
    assert_eq!(player.step(), 20);
    player.advance(seconds(1.0 + 7.3));
    assert!(player.step() == 23 && player.is_playing());
}

#[test]
fn steps_go_both_ways_and_stay_within_the_episode() {
    let mut player = player_of(25, 0, 25);
    let shift = |key| Press { key, shift: true, repeated: false };
    press(&mut player, Key::Left);
    assert_eq!(player.step(), 0);
    press(&mut player, Key::Right);
    sign(&mut player, '.');
    player.press(shift(Key::Right));
    assert_eq!(player.step(), 12);
    // A key that is held goes on.
    player.press(Press { key: Key::Left, shift: false, repeated: true });
    sign(&mut player, ',');
    assert_eq!(player.step(), 10);
    press(&mut player, Key::End);
    player.press(shift(Key::Right));
    assert_eq!(player.step(), 25);
    player.press(shift(Key::Left));
    assert_eq!(player.step(), 15);
    press(&mut player, Key::Home);
    assert_eq!(player.step(), 0);
    press(&mut player, Key::Space);
    press(&mut player, Key::Right);
    assert!(!player.is_playing(), "a step by hand stops it");
}

#[test]
fn views_and_questions_go_around() {
    let mut player = player_of(5, 0, 5);
    let view = |player: &Player| player.wanted(SIZE).view;
    sign(&mut player, '3');
    assert_eq!(view(&player), 2);
    sign(&mut player, '9');
    assert_eq!(view(&player), 2, "there is no ninth");
    press(&mut player, Key::Tab);
    press(&mut player, Key::Tab);
    assert_eq!(view(&player), 0);
    player.press(Press { key: Key::Tab, shift: true, repeated: false });
    assert_eq!(view(&player), 3);
    let question = |player: &Player| player.wanted(SIZE).question;
    press(&mut player, Key::Up);
    assert_eq!(question(&player), 2);
    sign(&mut player, 'n');
    press(&mut player, Key::Down);
    sign(&mut player, 'p');
    assert_eq!(question(&player), 0);
    let none = Episode { num_questions: 0, ..player.episode().clone() };
    let mut none = Player::new(none, player.opening);
    sign(&mut none, 'n');
    assert_eq!(question(&none), 0);
}

#[test]
fn the_free_camera_takes_its_keys_and_gives_them_back() {
    let mut player = player_of(5, 2, 5);
    let position = |player: &Player| player.wanted(SIZE).camera.map(|camera| camera.position);
    assert_eq!(position(&player), None);
    sign(&mut player, 'f');
    let start = position(&player).unwrap();
    assert!((start.x - 2.0).abs() < 1e-6, "it begins at the agent of the step: {start}");
    sign(&mut player, 'q');
    assert!(!player.is_closing() && player.rest() == Some(MOVING));
    player.advance(seconds(0.1));
    let lower = position(&player).unwrap();
    assert!(lower.y < start.y);
    player.release(Key::Sign('q'));
    player.advance(seconds(1.0));
    assert_eq!((position(&player), player.rest()), (Some(lower), None));
    sign(&mut player, 'w');
    player.lose_focus();
    player.advance(seconds(2.0));
    assert_eq!(position(&player), Some(lower), "a key that is let go elsewhere is let go");
    press(&mut player, Key::Right);
    assert_eq!((player.step(), position(&player)), (3, Some(lower)));
    sign(&mut player, '1');
    assert_eq!(position(&player), None);
    sign(&mut player, 'q');
    assert!(player.is_closing());
}

#[test]
fn the_pointer_scrubs_presses_and_looks() {
    let places = Places::new(1280, 782, 1.0);
    let mut player = player_of(100, 0, 100);
    let middle_of = |rect: groundling_film::Rect| {
        [rect.x as f32 + 0.5 * rect.width as f32, rect.y as f32 + 0.5 * rect.height as f32]
    };
    player.point(middle_of(places.timeline), &places);
    assert_eq!(player.step(), 0, "nothing is pressed");
    player.click(true, &places);
    assert_eq!(player.step(), 50);
    // Drawn off the bar, and back over its end.
    player.point([places.column_of(20, 100), 5.0], &places);
    assert_eq!(player.step(), 20);
    player.point([1e9, 0.0], &places);
    player.click(false, &places);
    player.point(middle_of(places.timeline), &places);
    assert_eq!(player.step(), 100);
    player.point(middle_of(places.button), &places);
    player.click(true, &places);
    assert!(player.is_playing());
    player.click(true, &places);
    assert!(!player.is_playing());

    let look = |player: &mut Player| {
        player.click(false, &places);
        player.point([600.0, 300.0], &places);
        player.click(true, &places);
        player.point([700.0, 300.0], &places);
        player.wanted(SIZE).camera.map(|camera| camera.yaw)
    };
    assert_eq!(look(&mut player), None);
    sign(&mut player, 'f');
    assert!(look(&mut player).unwrap() < -0.1, "to the right");
}

#[test]
fn help_and_closing() {
    let mut player = player_of(5, 0, 5);
    sign(&mut player, '?');
    assert!(player.shows_help());
    player.press(Press { key: Key::Sign('h'), shift: false, repeated: true });
    assert!(player.shows_help(), "a key that is held does not flicker");
    sign(&mut player, 'h');
    assert!(!player.shows_help());
    sign(&mut player, 'f');
    press(&mut player, Key::Escape);
    assert!(player.is_closing());
}
