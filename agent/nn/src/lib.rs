//! Parameters, layers and optimisers; knows no agent and no question
