//! Accuracy against how large a question's evidence had been in the picture: the most pixels that ever showed it.

use crate::curves::{BinnedCurves, range_label};
use crate::group::Answers;
use crate::outcome::{ProbeFile, ProbeProtocol};

/// First shares of the picture of the bins after the one of 0 pixels.
const SHARE_STARTS: [f64; 5] = [0.0, 0.003, 0.01, 0.03, 0.1];
/// First pixels of the same bins where the size of the picture is not known.
const PIXEL_STARTS: [u32; 6] = [0, 1, 10, 30, 100, 300];

/// Balanced accuracy against the most pixels that showed the evidence; 0 where it was never seen, or where there is none.
pub(crate) fn pixel_curves(probed: &ProbeFile, answers: Answers) -> BinnedCurves {
    let starts = starts(&probed.protocol);
    let label = |first, last| if first == 0 { "none".to_owned() } else { range_label(first, last) };
    BinnedCurves::of(probed, answers, &starts, |outcome| Some(outcome.most_pixels), label)
}

/// The same shares of every picture, so that results from pictures of different size can be laid side by side.
fn starts(protocol: &ProbeProtocol) -> Vec<u32> {
    let pixels = f64::from(protocol.image_width) * f64::from(protocol.image_height);
    if pixels == 0.0 {
        return PIXEL_STARTS.to_vec();
    }
    let of_shares = SHARE_STARTS.iter().map(|share| ((share * pixels).ceil() as u32).max(1));
    let mut starts: Vec<u32> = [0].into_iter().chain(of_shares).collect();
    starts.dedup();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts_of(image_width: u32, image_height: u32) -> Vec<u32> {
        starts(&ProbeProtocol { image_width, image_height, ..ProbeProtocol::default() })
    }

    #[test]
    fn bins_are_shares_of_the_picture() {
        assert_eq!(starts_of(32, 24), [0, 1, 3, 8, 24, 77]);
        assert_eq!(starts_of(96, 72), [0, 1, 21, 70, 208, 692]);
        assert_eq!(starts_of(4, 3), [0, 1, 2]);
        assert_eq!(starts_of(0, 0), PIXEL_STARTS);
    }
}
