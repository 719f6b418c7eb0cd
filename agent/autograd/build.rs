//! Compiles the node of libtorch's graph that calls back into Rust, and the choice of a stream, and writes the way to libtorch into what is linked.

use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=src/node.cpp");
    println!("cargo::rerun-if-changed=src/stream.cpp");
    for name in ["LIBTORCH", "LIBTORCH_INCLUDE", "LIBTORCH_LIB", "LIBTORCH_CXX11_ABI"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    // The same variables as torch-sys reads.
    let home = std::env::var("LIBTORCH");
    if let Ok(library) = std::env::var("LIBTORCH_LIB").or_else(|_| home.clone()) {
        for argument in ["-Xlinker", "-rpath", "-Xlinker", &format!("{library}/lib")] {
            println!("cargo::rustc-link-arg={argument}");
        }
    }
    let abi = std::env::var("LIBTORCH_CXX11_ABI").unwrap_or_else(|_| "1".into());
    let mut build = cc::Build::new();
    if let Ok(home) = std::env::var("LIBTORCH_INCLUDE").or(home) {
        build.include(PathBuf::from(home).join("include"));
    }
    build
        .cpp(true)
        .std("c++17")
        .define("_GLIBCXX_USE_CXX11_ABI", abi.as_str())
        .warnings(false)
        .file("src/node.cpp")
        .file("src/stream.cpp")
        .compile("groundling_autograd_node");
}
