//! Promise: each setting out of range is refused by name.

use crate::{DecoderName, ProbeConfig};

#[test]
fn bad_settings_are_named() {
    ProbeConfig::default().validate().unwrap();
    let key = |change: fn(&mut ProbeConfig)| {
        let mut config = ProbeConfig::default();
        change(&mut config);
        config.validate().unwrap_err().key
    };
    assert_eq!(key(|c| c.decoders.lstm.hidden_size = 0), "probe.decoders.lstm.hidden_size");
    assert_eq!(key(|c| c.decoders.lstm.embedding_size = 5_000), "probe.decoders.lstm.embedding_size");
    assert_eq!(key(|c| c.decoders.lstm.decode_steps = 65), "probe.decoders.lstm.decode_steps");
    assert_eq!(key(|c| c.decoders.mlp.hidden_size = 0), "probe.decoders.mlp.hidden_size");
    assert_eq!(key(|c| c.decoders.mlp.num_layers = 0), "probe.decoders.mlp.num_layers");
    assert_eq!(key(|c| c.decoders.mlp.embedding_size = 0), "probe.decoders.mlp.embedding_size");
    assert_eq!(key(|c| c.decoders.linear.embedding_size = 2_000), "probe.decoders.linear.embedding_size");
    assert_eq!(key(|c| c.decoders.attention.hidden_size = 0), "probe.decoders.attention.hidden_size");
    assert_eq!(key(|c| c.decoders.attention.num_heads = 3), "probe.decoders.attention.num_heads");
    assert_eq!(key(|c| c.decoders.attention.embedding_size = 0), "probe.decoders.attention.embedding_size");
    assert_eq!(key(|c| c.decoders.attention.max_beliefs = 0), "probe.decoders.attention.max_beliefs");
    let too_many = |c: &mut ProbeConfig| {
        c.decoder = DecoderName::Attention;
        c.batch_size = 4_096;
    };
    assert_eq!(key(too_many), "probe.batch_size");
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
    let error = serde_json::from_str::<ProbeConfig>(r#"{"decoder": "gru"}"#).unwrap_err().to_string();
    assert!(
        error.contains(r#"no decoder is named "gru": must be one of lstm, mlp, gated, linear, attention, unscaled"#),
        "{error}"
    );
}
