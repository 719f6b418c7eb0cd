//! Promise: the sender never waits, what is dropped is counted, and the probe comes back in order.

use tch::Device;

use super::rooms::{Holds, examples, remembered, spec, spec_of};
use crate::{DecoderName, OnlineProbe, ProbeError, ProbeExample, ProbeTrainer, Reading, SavedProbeError};

fn episodes(num: u64) -> Vec<Vec<ProbeExample>> {
    let all = examples(0, num, Holds::Room);
    (0..num).map(|episode| all.iter().filter(|example| example.episode == episode).cloned().collect()).collect()
}

fn trainer(channel_capacity: usize) -> ProbeTrainer {
    let mut spec = spec(Reading::Belief);
    spec.config.online.channel_capacity = channel_capacity;
    ProbeTrainer::new(spec, Device::Cpu).unwrap()
}

#[test]
fn all_that_is_taken_is_learnt_from_as_if_it_were_done_here() {
    let episodes = episodes(60);
    let probe = OnlineProbe::start(trainer(60)).unwrap();
    assert!(episodes.iter().all(|episode| probe.sender().offer(episode.clone())));
    let (metrics, online) = {
        while probe.metrics().num_episodes < 60 {
            std::thread::yield_now();
        }
        (probe.metrics(), probe.finish().unwrap())
    };
    assert_eq!((metrics.num_dropped, metrics.num_episodes), (0, 60));
    let mean = metrics.mean_accuracy().unwrap();
    assert!((0.0..=1.0).contains(&mean) && metrics.accuracies.iter().all(Option::is_some));

    let mut here = trainer(60);
    let all: Vec<ProbeExample> = episodes.into_iter().flatten().collect();
    all.chunks(128).for_each(|batch| drop(here.step(batch).unwrap()));
    assert_eq!(here.num_updates(), online.num_updates());
    assert_eq!(here.evaluate(&all).unwrap(), online.evaluate(&all).unwrap());
}

#[test]
fn every_decoder_learns_beside_an_agent_from_the_beliefs_that_are_sent() {
    for &decoder in DecoderName::ALL {
        let new = || ProbeTrainer::new(spec_of(decoder, Reading::Belief), Device::Cpu).unwrap();
        let all = remembered(0, 60, false);
        let probe = OnlineProbe::start(new()).unwrap();
        assert!((0..60).all(|episode| {
            probe.sender().offer(all.iter().filter(|example| example.episode == episode).cloned().collect())
        }));
        let (online, mut here) = (probe.finish().unwrap(), new());
        all.chunks(128).for_each(|batch| drop(here.step(batch).unwrap()));
        assert_eq!(here.answer_examples(&all).unwrap(), online.answer_examples(&all).unwrap(), "{decoder:?}");
    }
}

#[test]
fn a_full_channel_drops_and_never_blocks() {
    // Slow to learn from, and many more than fit: a sender that waited would find none dropped.
    let mut big = spec(Reading::Belief);
    big.config.decoders.lstm.hidden_size = 1_024;
    big.config.online.channel_capacity = 2;
    let probe = OnlineProbe::start(ProbeTrainer::new(big, Device::Cpu).unwrap()).unwrap();
    let (sender, episode) = (probe.sender(), examples(0, 100, Holds::Room));
    let num_taken = (0..200).filter(|_| sender.offer(episode.clone())).count() as u64;
    assert!(num_taken < 200, "nothing was dropped");
    assert_eq!(probe.metrics().num_dropped, 200 - num_taken);
    let trainer = probe.finish().unwrap();
    assert_eq!(trainer.num_updates(), (num_taken * episode.len() as u64).div_ceil(128));
    assert!(!sender.offer(episode), "the probe has ended, so there is nobody to take it");
}

#[test]
fn a_running_probe_can_be_saved() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("probe.safetensors");
    let probe = OnlineProbe::start(trainer(60)).unwrap();
    assert!(episodes(30).into_iter().all(|episode| probe.sender().offer(episode)));
    while probe.metrics().num_episodes < 30 {
        std::thread::yield_now();
    }
    probe.save(&path).unwrap();
    let saved = ProbeTrainer::load(&path, Device::Cpu).unwrap();
    assert_eq!(saved.num_updates(), probe.metrics().num_updates);

    let missing = directory.path().join("missing").join("probe.safetensors");
    assert!(matches!(probe.save(&missing), Err(SavedProbeError::Unwritable { .. })));
    assert!(probe.finish().unwrap().num_updates() >= saved.num_updates(), "a failed save ends nothing");
}

#[test]
fn an_error_ends_the_probe_and_is_told() {
    let probe = OnlineProbe::start(trainer(4)).unwrap();
    let mut wrong = examples(0, 40, Holds::Room);
    wrong.iter_mut().for_each(|example| example.question.answer = 999);
    assert!(probe.sender().offer(wrong));
    while !probe.thread_has_ended() {
        std::thread::yield_now();
    }
    let path = std::path::Path::new("unused.safetensors");
    assert!(matches!(probe.save(path), Err(SavedProbeError::ThreadEnded)));
    assert!(!probe.sender().offer(Vec::new()));
    assert!(matches!(probe.finish(), Err(ProbeError::ForeignQuestion { .. })));
}
