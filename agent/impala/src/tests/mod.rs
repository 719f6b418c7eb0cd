//! Tests of the whole loop on fakes: real actors, queues, learner and files around rooms that count.

mod auxiliary;
mod batches;
mod contract;
mod counting;
mod counting_room;
mod damage;
mod divergence;
mod event_reader;
mod failures;
mod measure;
mod play;
mod resume;
mod scripts;
mod tensorboard;
mod trial;
