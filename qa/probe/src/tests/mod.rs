//! Tests of the probe on beliefs that are made here, so that what they hold is known.

mod ceiling;
mod config;
mod controls;
mod histories;
mod learning;
mod offline;
mod online;
mod refusals;
mod rooms;
mod saved;
mod selectivity;
