//! The fake room must be a fair one: a fake that breaks the contract would let the loop break it too.

use groundling_interface::contract::{ContractOptions, check};

use super::counting_room::CountingRoom;

#[test]
fn the_counting_room_keeps_the_contract_of_environments() {
    let options = ContractOptions { num_episodes: 16, num_steps: 8, ..ContractOptions::default() };
    if let Err(violation) = check(|| CountingRoom::new(None), &options) {
        panic!("{violation}");
    }
}
