//! Promised: the networks of IMPALA have the structure that was published, part by part.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::EnvironmentSpec;
use groundling_model::{Agent, AgentConfig, EncoderName, PredictiveConfig, PredictiveName};
use tch::Device;

/// IMPALA's level: 96×72 pixels, nine actions.
fn agent(encoder: EncoderName, loss: PredictiveName) -> Agent {
    let action_names = (0..9).map(|index| index.to_string()).collect();
    let spec = EnvironmentSpec { height: 72, width: 96, action_names, motions: Vec::new() };
    let predictive = PredictiveConfig { loss, ..PredictiveConfig::default() };
    Agent::new(&spec, &AgentConfig { encoder, ..AgentConfig::default() }, &predictive, 1.0, 1, Device::Cpu).unwrap()
}

#[test]
fn impalas_networks_have_their_published_sizes() {
    // Features, nine actions and the reward enter an LSTM of 256; its four gates have one bias each.
    let core = 4 * 256 * (256 + 9 + 1 + 256) + 4 * 256;
    let (policy, value) = (256 * 9 + 9, 256 + 1);
    // Espeholt et al. 2018, figure 3, give 1.2 and 1.6 million. They read instructions too: 1000 words of 20 numbers, an
    // LSTM of 64, and its output at the core.
    let instructions = 1000 * 20 + 4 * 64 * (20 + 64 + 1) + 4 * 256 * 64;
    for (encoder, encoder_size, published) in
        [(EncoderName::Shallow, 585_008, 1_200_000), (EncoderName::Deep, 982_592, 1_600_000)]
    {
        let agent = agent(encoder, PredictiveName::None);
        let parts = [("encoder", encoder_size), ("core", core), ("policy", policy), ("value", value)];
        assert_eq!(agent.num_parameters_by_part(), parts.map(|(name, number)| (name.to_string(), number)));
        assert_eq!(agent.num_parameters(), encoder_size + core + policy + value);
        let whole = agent.num_parameters() + instructions;
        assert_eq!((whole + 50_000) / 100_000, published / 100_000, "{whole}");
    }
}

#[test]
fn a_predictive_loss_is_a_part_of_its_own() {
    let parts = agent(EncoderName::Shallow, PredictiveName::SimCore).num_parameters_by_part();
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["encoder", "core", "policy", "value", "predictive"]);
    assert!(parts[4].1 > 0);
}
