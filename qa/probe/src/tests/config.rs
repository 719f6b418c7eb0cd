//! Promise: each setting out of range is refused by name.

use crate::ProbeConfig;

#[test]
fn bad_settings_are_named() {
    ProbeConfig::default().validate().unwrap();
    let key = |change: fn(&mut ProbeConfig)| {
        let mut config = ProbeConfig::default();
        change(&mut config);
        config.validate().unwrap_err().key
    };
    assert_eq!(key(|c| c.hidden_size = 0), "probe.hidden_size");
    assert_eq!(key(|c| c.embedding_size = 5_000), "probe.embedding_size");
    assert_eq!(key(|c| c.decode_steps = 65), "probe.decode_steps");
    assert_eq!(key(|c| c.learning_rate = f64::NAN), "probe.learning_rate");
    assert_eq!(key(|c| c.warmup_updates = u64::MAX), "probe.warmup_updates");
    assert_eq!(key(|c| c.max_gradient_norm = 0.0), "probe.max_gradient_norm");
    assert_eq!(key(|c| c.batch_size = 0), "probe.batch_size");
    assert_eq!(key(|c| c.offline.updates = 0), "probe.offline.updates");
    assert_eq!(key(|c| c.offline.validate_every = 0), "probe.offline.validate_every");
    assert_eq!(key(|c| c.offline.patience = 0), "probe.offline.patience");
    assert_eq!(key(|c| c.online.channel_capacity = 0), "probe.online.channel_capacity");
}

#[test]
fn unknown_keys_are_refused() {
    assert!(serde_json::from_str::<ProbeConfig>(r#"{"offline": {"updates": 3}}"#).is_ok());
    assert!(serde_json::from_str::<ProbeConfig>(r#"{"offline": {"update": 3}}"#).is_err());
    assert!(serde_json::from_str::<ProbeConfig>(r#"{"depth": 3}"#).is_err());
}
