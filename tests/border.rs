//! The border between agent and probe: the form of the cases in `border.md`, and what no compiler can show.
//!
//! A `compile_fail` case passes for any error, so one that fails for a misspelt name shows nothing. Here it is seen to
//! that each stands behind a twin that compiles and differs from it in one line.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling::config::Config;
use groundling_interface::Environment;
use groundling_model::Inputs;
use groundling_sim::RoomEnvironment;
use tch::Device;

/// The fenced blocks of a page: their headers and their lines.
fn blocks(page: &str) -> Vec<(&str, Vec<&str>)> {
    let fenced = page.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap()).map(|(header, code)| (header, code.lines().collect())).collect()
}

#[test]
fn every_case_differs_from_its_twin_in_one_line() {
    let blocks = blocks(include_str!("border.md"));
    let (mut twin, mut num_cases) = (Vec::new(), 0);
    for (header, lines) in blocks {
        match header {
            "rust,no_run" => twin = lines,
            _ => {
                assert!(header.starts_with("rust,compile_fail,E"), "{header}");
                assert_eq!(lines.len(), twin.len(), "{lines:#?}");
                let differing = twin.iter().zip(&lines).filter(|(one, other)| one != other).count();
                assert_eq!(differing, 1, "{lines:#?}");
                num_cases += 1;
            }
        }
    }
    assert!(num_cases >= 15, "{num_cases}");
}

#[test]
fn a_frozen_belief_outlives_what_happens_to_the_agent() {
    tch::set_num_threads(1);
    let settings = ["camera.width=16", "camera.height=12", "agent.core_size=8", "agent.features=8"];
    let config = Config::from_settings(&settings.map(String::from)).unwrap();
    let blueprint = config.blueprint().unwrap();
    let agent = blueprint.build(Device::Cpu).unwrap();
    let step = RoomEnvironment::new(config.world()).unwrap().0.reset(4).unwrap();
    let state = agent.act(&Inputs { steps: &[&step] }, &agent.zero_state(1)).state;
    let belief = state.freeze(0);
    let before = belief.clone();

    // In place, as a careless reader would: on a copy, so that neither the agent's state nor the belief moves.
    let _ = tch::Tensor::from_slice(belief.hidden()).fill_(7.0);
    assert_eq!(state.freeze(0), before);
    // Other parameters, another step, the state gone: the belief stays.
    let mut other = blueprint.clone();
    other.seed += 1;
    agent.set_values(&other.build(Device::Cpu).unwrap().values()).unwrap();
    let next = agent.act(&Inputs { steps: &[&step] }, &state).state;
    assert_ne!(next.freeze(0), before);
    drop((state, next, agent));
    assert_eq!(belief, before);
}
