//! The build script of every package that links libtorch: writes the way to libtorch into what it links.
//!
//! `cargo xtask setup` names libtorch's folder by `LIBTORCH` in `.cargo/libtorch.toml`. With the run path inside,
//! a test, an example or `target/release/groundling` starts with no environment variable set. A build script, because
//! `rustflags` in a configuration file are silently dropped when somebody sets `RUSTFLAGS`, never reach doc-tests,
//! and compile the whole tree again when they change.

fn main() {
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    println!("cargo::rerun-if-env-changed=LIBTORCH_LIB");
    // The same two variables, in the same order, as torch-sys reads.
    let home = std::env::var("LIBTORCH_LIB").or_else(|_| std::env::var("LIBTORCH"));
    if let Ok(home) = home {
        // `-Xlinker`, not `-Wl,`: a path may contain a comma.
        for argument in ["-Xlinker", "-rpath", "-Xlinker", &format!("{home}/lib")] {
            println!("cargo::rustc-link-arg={argument}");
        }
    }
}
