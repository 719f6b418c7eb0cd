//! Frames per second on one core: the training sizes, and the largest picture.

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/scenes/mod.rs"]
mod scenes;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use groundling_render::Renderer;

fn frames(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frames");
    for (width, height, num_objects) in [(96, 72, 12), (32, 24, 3), (640, 480, 12)] {
        let scene = scenes::furnished(3, num_objects);
        let cameras: Vec<_> = (0..64).map(|index| scenes::walker(5, index)).collect();
        let mut renderer = Renderer::new(width, height).expect("an allowed size");
        let mut next = 0;
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("{width}x{height}, {num_objects} objects"), |bencher| {
            bencher.iter(|| {
                next = (next + 1) % cameras.len();
                renderer.render(&scene, &cameras[next]);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
