//! How a finished agent is examined.
//!
//! A [`Measurement`] is of one protocol: the same rooms, the same questions of those rooms as placed, the same decoders. What
//! it measures, an agent or a control, it gives as a [`ProbeFile`](groundling_report::ProbeFile) of its own, so that one can
//! be made today and the next tomorrow; [`ProbeFile::merge`](groundling_report::ProbeFile::merge) puts those of
//! one protocol together.
//!
//! - [`Measurement::controls`] needs no agent: majority, question-only, the facts.
//! - [`Measurement::untrained`] needs an agent's networks and seed.
//! - [`Measurement::run`] needs a trained run, and has the controls that are made of it.
//! - [`Prober`] makes the rows of any [`Examples`], wherever they came from.

mod asking;
mod examiner;
mod examples;
mod measurement;
mod prober;
mod protocol;
mod row;
mod schedule;
mod side_by_side;

pub(crate) use asking::AskedOf;
pub(crate) use examples::Examples;
pub(crate) use measurement::{Measurement, kind_of};
pub(crate) use prober::{Prober, Read};
pub(crate) use protocol::{protocol, protocol_difference, protocol_hash, same_protocol};
pub(crate) use row::RowName;
pub(crate) use schedule::Schedule;
