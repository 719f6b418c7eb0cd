//! Tests of the questions on rooms that are drawn here, object by object.

mod balance;
mod blind;
mod config;
mod evidence;
mod held_out;
mod leaks;
mod making;
mod question_sets;
mod reader;
mod rooms;
mod truth;
