//! Pictures on their way back from the adapter. Several may be under way; nobody waits before a picture is asked for.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bevy::render::render_resource::{
    Buffer, BufferDescriptor, BufferUsages, CommandEncoderDescriptor, MapMode, PollType, TexelCopyBufferInfo,
    TexelCopyBufferLayout,
};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bevy::render::texture::GpuImage;
use wgpu::{
    BufferAsyncError, Color, LoadOp, Operations, RenderPassColorAttachment, RenderPassDescriptor, StoreOp,
    SubmissionIndex,
};

use crate::error::ViewerError;

/// How long an adapter may take for a picture: the slowest in software takes seconds for the largest.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// A copy that was asked for.
pub(crate) struct Staged {
    width: usize,
    height: usize,
    padded_row: usize,
    buffer: Buffer,
    /// What has to be done until the copy is there; what was asked for later need not be.
    submission: SubmissionIndex,
    mapped: Receiver<Result<(), BufferAsyncError>>,
}

/// Colours and marks of a picture, four bytes a pixel, rows from the top.
pub(crate) struct Pixels(pub(crate) Vec<u8>);

/// Buffers that can be used again.
#[derive(Default)]
pub(crate) struct Staging {
    idle: Vec<(usize, usize, Buffer)>,
}

impl Staging {
    /// Has the picture copied, and wiped after that: what is not drawn anew will be seen to be empty.
    pub(crate) fn copy_and_wipe(&mut self, device: &RenderDevice, queue: &RenderQueue, image: &GpuImage) -> Staged {
        let size = image.texture_descriptor.size;
        let (width, height) = (size.width as usize, size.height as usize);
        let padded_row = RenderDevice::align_copy_bytes_per_row(4 * width);
        let known = self.idle.iter().position(|&(columns, rows, _)| (columns, rows) == (width, height));
        let buffer = match known {
            Some(at) => self.idle.swap_remove(at).2,
            None => device.create_buffer(&BufferDescriptor {
                label: Some("groundling picture"),
                size: (padded_row * height) as u64,
                usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }),
        };
        let mut encoder =
            device.create_command_encoder(&CommandEncoderDescriptor { label: Some("groundling picture") });
        let layout = TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(padded_row as u32), rows_per_image: None };
        encoder.copy_texture_to_buffer(
            image.texture.as_image_copy(),
            TexelCopyBufferInfo { buffer: &buffer, layout },
            size,
        );
        let wiped = RenderPassColorAttachment {
            view: &image.texture_view,
            depth_slice: None,
            resolve_target: None,
            ops: Operations { load: LoadOp::Clear(Color::TRANSPARENT), store: StoreOp::Store },
        };
        let descriptor = RenderPassDescriptor {
            label: Some("groundling wipe"),
            color_attachments: &[Some(wiped)],
            depth_stencil_attachment: None,
            timestamp_writes: None,
            occlusion_query_set: None,
            multiview_mask: None,
        };
        drop(encoder.begin_render_pass(&descriptor));
        let submission = queue.submit([encoder.finish()]);
        let (sender, mapped) = channel();
        buffer.slice(..).map_async(MapMode::Read, move |result| {
            // Nobody asks any more when the viewer is gone.
            let _ = sender.send(result);
        });
        Staged { width, height, padded_row, buffer, submission, mapped }
    }

    /// Gives up the buffers of a size.
    pub(crate) fn forget(&mut self, width: usize, height: usize) {
        self.idle.retain(|&(columns, rows, _)| (columns, rows) != (width, height));
    }

    /// Waits until the copy is there, and not for what was asked for after it.
    pub(crate) fn receive(&mut self, device: &RenderDevice, staged: Staged) -> Result<Pixels, ViewerError> {
        let Staged { width, height, padded_row, buffer, submission, mapped } = staged;
        let failed = |reason: &dyn std::fmt::Display| ViewerError::Readback(reason.to_string());
        let wait = PollType::Wait { submission_index: Some(submission), timeout: Some(LONGEST_WAIT) };
        device.wgpu_device().poll(wait).map_err(|error| failed(&error))?;
        // Called by then: the adapter has done what was submitted.
        let result = mapped.try_recv().map_err(|_| failed(&"the adapter lost it"))?;
        result.map_err(|error| failed(&error))?;
        let mut pixels = Vec::with_capacity(4 * width * height);
        {
            let view = buffer.slice(..).get_mapped_range();
            for row in view.chunks_exact(padded_row) {
                pixels.extend_from_slice(&row[..4 * width]);
            }
        }
        buffer.unmap();
        self.idle.push((width, height, buffer));
        Ok(Pixels(pixels))
    }
}
