//! Parameters, layers and optimisers over libtorch; knows no agent and no question.
//!
//! tch's own optimisers cannot save their state, its variable stores draw from the process's global generator, and an
//! optimiser adopts every variable later added to its store. Here state is saved, every number drawn comes from a
//! generator derived by name, and an optimiser is made for a finished set of parameters.

mod device_name;
mod gru;
mod host;
mod initializer;
mod kernels;
mod layers;
mod lstm;
mod optimizer;
mod parameters;
mod patches;
mod precision;
mod slow_copy;
mod threads;
mod transfer;
mod values;

pub use device_name::{DeviceName, UnknownDevice};
pub use groundling_autograd::{NoStream, take_urgent_stream};
pub use gru::Gru;
pub use initializer::Initializer;
pub use layers::{Conv2d, ConvTranspose2d, Embedding, Linear};
pub use lstm::{Lstm, LstmState};
pub use optimizer::{Optimizer, OptimizerConfig, OptimizerKind};
pub use parameters::{Parameters, Scope, to_host};
pub use precision::{Compute, Precision};
pub use slow_copy::SlowCopy;
pub use threads::set_threads_of_this_thread;
pub use transfer::send_bytes;
pub use values::{NamedValues, ValuesError};
