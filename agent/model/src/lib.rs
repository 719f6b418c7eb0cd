//! The agent's networks and predictive losses
