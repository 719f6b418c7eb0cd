//! Promise: each setting out of range is refused by name.

use crate::QuestionConfig;

#[test]
fn bad_settings_are_named() {
    QuestionConfig::default().validate().unwrap();
    let key = |change: fn(&mut QuestionConfig)| {
        let mut config = QuestionConfig::default();
        change(&mut config);
        config.validate().unwrap_err().key
    };
    assert_eq!(key(|c| c.templates = vec!["colour".into()]), "questions.templates");
    assert_eq!(key(|c| c.templates = Vec::new()), "questions.templates");
    assert_eq!(key(|c| c.templates.push("exist".into())), "questions.templates");
    assert_eq!(key(|c| c.last_step_draws = 0), "questions.last_step_draws");
    assert_eq!(key(|c| c.earlier_steps = 65), "questions.earlier_steps");
    assert_eq!(key(|c| c.census_rooms = 10), "questions.census_rooms");
    assert_eq!(key(|c| c.rare_answer = f64::NAN), "questions.rare_answer");
    assert_eq!(key(|c| c.near_margin = -0.1), "questions.near_margin");
    assert_eq!(key(|c| c.near_margin = f32::NAN), "questions.near_margin");
}

#[test]
fn unknown_keys_are_refused() {
    assert!(serde_json::from_str::<QuestionConfig>(r#"{"earlier_steps": 3}"#).is_ok());
    assert!(serde_json::from_str::<QuestionConfig>(r#"{"later_steps": 3}"#).is_err());
}
