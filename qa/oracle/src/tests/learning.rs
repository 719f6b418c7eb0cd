//! Promise: what is asked comes to be known: told by the agent's frozen beliefs of new episodes, and by nothing of the
//! decoder. The same agent that is not taught does not know it.

use groundling_interface::{TimeStep, derive};
use groundling_model::{Agent, AgentOptimizer, Inputs};
use groundling_nn::OptimizerConfig;

use super::world::{LENGTH, NUM_TINTS, agent, episode, oracle, settings, unroll};

const NUM_ROOMS: u64 = 32;
const NUM_UPDATES: u64 = 500;

/// What the agent believes where it would be asked, and the tint, episode by episode.
fn beliefs(agent: &Agent, seeds: std::ops::Range<u64>) -> Vec<(Vec<f32>, usize)> {
    let episodes: Vec<(Vec<TimeStep>, i64)> = seeds.map(episode).collect();
    let mut state = agent.zero_state(episodes.len());
    for t in 0..LENGTH {
        let steps: Vec<&TimeStep> = episodes.iter().map(|(steps, _)| &steps[t]).collect();
        state = agent.act(&Inputs { steps: &steps }, &state).state;
    }
    let beliefs = state.freeze_all().into_iter().zip(&episodes);
    beliefs.map(|(belief, (_, tint))| ([belief.hidden(), belief.cell()].concat(), *tint as usize)).collect()
}

/// How often the nearest of the mean beliefs of all tints is the right one's.
fn accuracy(agent: &Agent) -> f64 {
    let known = beliefs(agent, 1_000_000..1_000_800);
    let means: Vec<Vec<f32>> = (0..NUM_TINTS as usize)
        .map(|tint| {
            let of: Vec<&Vec<f32>> = known.iter().filter(|(_, own)| *own == tint).map(|(belief, _)| belief).collect();
            (0..of[0].len()).map(|i| of.iter().map(|belief| belief[i]).sum::<f32>() / of.len() as f32).collect()
        })
        .collect();
    let distance = |mean: &[f32], belief: &[f32]| mean.iter().zip(belief).map(|(m, b)| (m - b).powi(2)).sum::<f32>();
    let nearest = |belief: &[f32]| {
        let distances = means.iter().map(|mean| distance(mean, belief)).enumerate();
        distances.min_by(|one, other| one.1.total_cmp(&other.1)).unwrap().0
    };
    let new = beliefs(agent, 2_000_000..2_000_400);
    let num_right = new.iter().filter(|(belief, tint)| nearest(belief) == *tint).count();
    num_right as f64 / new.len() as f64
}

fn trained(agent: Agent) -> (Agent, Vec<(String, f64)>) {
    let mut optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
    let mut series = Vec::new();
    for update in 0..NUM_UPDATES {
        let unrolls = [unroll(&agent, NUM_ROOMS * update..NUM_ROOMS * (update + 1))];
        let loss = agent.loss(&unrolls, &settings(), &mut derive(1, "loss", &[update]));
        series = loss.auxiliary_series();
        optimizer.step(&agent, loss, 3e-3);
    }
    (agent, series)
}

#[test]
fn a_taught_agent_knows_and_the_same_agent_untaught_does_not() {
    let (taught, series) = trained(agent(Some(&oracle(10.0))));
    let (plain, none) = trained(agent(None));
    let (taught, plain) = (accuracy(&taught), accuracy(&plain));
    assert!(taught > 0.8 && plain < 0.4, "taught {taught}, plain {plain}");
    assert!(series.iter().all(|(name, share)| name.starts_with("accuracy/") && *share > 0.7) && none.is_empty());
}
