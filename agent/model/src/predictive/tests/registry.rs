//! That every loss of the registry is found, checked and named as its table is.

use groundling_interface::{EnvironmentSpec, derive};
use tch::Device;

use super::spec;
use crate::{Agent, AgentConfig, ConvLayer, PredictiveConfig, PredictiveName};

#[test]
fn a_loss_is_named_in_a_file_as_its_table_is() {
    let tables = serde_json::to_value(PredictiveConfig::default()).unwrap();
    let mut keys: Vec<&str> = tables.as_object().unwrap().keys().map(String::as_str).collect();
    keys.retain(|&key| key != "loss");
    let mut names: Vec<&str> = PredictiveName::ALL.iter().copied().filter(|&name| name != "none").collect();
    keys.sort_unstable();
    names.sort_unstable();
    assert_eq!(keys, names);
    assert!(names.len() >= 2);
    for name in PredictiveName::ALL {
        let json = serde_json::json!({ "loss": name });
        let config: PredictiveConfig = serde_json::from_value(json).unwrap();
        assert_eq!(&<&str>::from(config.loss), name);
        assert_eq!(serde_json::to_value(&config).unwrap()["loss"], *name);
        let longest = config.longest_prediction();
        assert_eq!(longest.is_none(), *name == "none");
        assert!(longest.is_none_or(|(key, steps)| key.starts_with(&format!("predictive.{name}.")) && steps > 0));
    }
    let late = r#"{ "loss": "cpc_a", "cpc_a": { "earliest_start": 9 }, "simcore": { "earliest_start": 8 } }"#;
    let late: PredictiveConfig = serde_json::from_str(late).unwrap();
    assert_eq!(late.earliest_start(), Some(("predictive.cpc_a.earliest_start".to_string(), 9)));
    let far = |earlier, later| {
        let json = serde_json::json!({ "loss": "other_views", "other_views": { "earlier": earlier, "later": later } });
        serde_json::from_value::<PredictiveConfig>(json).unwrap().longest_prediction()
    };
    assert_eq!(far(9, 8), Some(("predictive.other_views.earlier".to_string(), 9)));
    assert_eq!(far(8, 9), Some(("predictive.other_views.later".to_string(), 9)));
}

#[test]
fn those_that_predict_frames_are_those_that_imagine() {
    let spec = EnvironmentSpec { height: 12, width: 16, ..spec() };
    let conv = vec![ConvLayer { channels: 2, kernel: 4, stride: 4 }];
    let config = AgentConfig { conv, features: 4, core_size: 4, ..AgentConfig::default() };
    for &name in PredictiveName::ALL {
        let loss = PredictiveName::try_from(name.to_string()).unwrap();
        let predictive = PredictiveConfig { loss, ..PredictiveConfig::default() };
        let agent = Agent::new(&spec, &config, &predictive, 1.0, 1, Device::Cpu).unwrap();
        let imagined = agent.imagine(&agent.zero_state(1).freeze(0), &[], &mut derive(1, "imagine", &[]));
        assert_eq!(imagined.is_some(), PredictiveName::predicting_frames().any(|other| other == name), "{name}");
    }
}

#[test]
fn the_documentation_lists_every_loss() {
    let text = include_str!("../../../../../docs/predictive_losses.md");
    for name in PredictiveName::ALL {
        assert!(
            text.contains(&format!("\n| `{name}` |")),
            "{name} is missing in the table of docs/predictive_losses.md"
        );
    }
}

#[test]
fn an_unknown_name_is_refused_with_all_that_there_are() {
    let refused = serde_json::from_str::<PredictiveConfig>(r#"{ "loss": "cpc" }"#).unwrap_err().to_string();
    assert!(refused.contains("\"cpc\"") && refused.contains("none, cpc_a, simcore"), "{refused}");
    assert!(serde_json::from_str::<PredictiveConfig>(r#"{ "cpc": {} }"#).unwrap_err().to_string().contains("cpc_a"));
}

#[test]
fn settings_out_of_range_are_refused_by_key_value_and_range() {
    let cases = [
        (r#"{ "cpc_a": { "horizon": 31 } }"#, "predictive.cpc_a.horizon", "31", "between 1 and 30"),
        (r#"{ "cpc_a": { "horizon": 0 } }"#, "predictive.cpc_a.horizon", "0", "between 1 and 30"),
        (r#"{ "cpc_a": { "num_starts": 0 } }"#, "predictive.cpc_a.num_starts", "0", "between 1 and 1000"),
        (r#"{ "cpc_a": { "num_offsets": 1001 } }"#, "predictive.cpc_a.num_offsets", "1001", "between 1 and 1000"),
        (r#"{ "cpc_a": { "earliest_start": 100001 } }"#, "predictive.cpc_a.earliest_start", "100001", "100000"),
        (r#"{ "cpc_a": { "num_negatives": 0 } }"#, "predictive.cpc_a.num_negatives", "0", "between 1 and 256"),
        (r#"{ "cpc_a": { "same_room_share": 1.5 } }"#, "predictive.cpc_a.same_room_share", "1.5", "between 0 and 1"),
        (r#"{ "cpc_a": { "hidden_units": -1 } }"#, "predictive.cpc_a.hidden_units", "-1", "between 1 and 4096"),
        (r#"{ "other_views": { "earlier": 1001 } }"#, "predictive.other_views.earlier", "1001", "between 0 and 1000"),
        (r#"{ "other_views": { "later": 1002 } }"#, "predictive.other_views.later", "1002", "between 0 and 1000"),
        (r#"{ "other_views": { "num_offsets": 0 } }"#, "predictive.other_views.num_offsets", "0", "between 1 and 1000"),
        (
            r#"{ "other_views": { "hidden_units": 0 } }"#,
            "predictive.other_views.hidden_units",
            "0",
            "between 1 and 4096",
        ),
        (r#"{ "other_views": { "channels": 0 } }"#, "predictive.other_views.channels", "0", "between 1 and 1024"),
        (r#"{ "other_views": { "pixel_weight": 0 } }"#, "predictive.other_views.pixel_weight", "0", "greater than 0"),
        (
            r#"{ "latent_targets": { "overshoot": 0 } }"#,
            "predictive.latent_targets.overshoot",
            "0",
            "between 1 and 1000",
        ),
        (r#"{ "latent_targets": { "hidden_units": 0 } }"#, "predictive.latent_targets.hidden_units", "0", "1 and 4096"),
        (r#"{ "latent_targets": { "momentum": 1 } }"#, "predictive.latent_targets.momentum", "1", "[0, 1)"),
        (r#"{ "latent_targets": { "num_starts": 0 } }"#, "predictive.latent_targets.num_starts", "0", "1 and 1000"),
        (r#"{ "simcore": { "num_starts": 0 } }"#, "predictive.simcore.num_starts", "0", "between 1 and 1000"),
    ];
    for (json, key, value, range) in cases {
        let config: PredictiveConfig = serde_json::from_str(json).unwrap();
        let message = config.validate().unwrap_err().to_string();
        assert!(message.contains(key) && message.contains(value) && message.contains(range), "{message}");
    }
    PredictiveConfig::default().validate().unwrap();
}
