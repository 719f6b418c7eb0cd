//! Actors, queues, learner and checkpoints, over any environment
