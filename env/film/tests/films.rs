//! Films as files: their structure, their counts and times, and what is left when something goes wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use groundling_film::{Canvas, FilmError, FilmWriter, Rect};
use mp4_atom::{Decode, FourCC, Header, Moov};

/// A picture that moves with its index.
fn frame(index: usize, width: usize, height: usize) -> Canvas {
    let mut canvas = Canvas::new(width, height, [20, 40, 60]).unwrap();
    canvas.rectangle(Rect { x: 2 * index as i32, y: 4, width: 10, height: 10 }, [250, 200, 40]);
    canvas
}

fn write(path: &Path, num_frames: usize, (width, height): (usize, usize), fps: f64, overwrite: bool) {
    let mut film = FilmWriter::create(path, width, height, fps, overwrite).unwrap();
    for index in 0..num_frames {
        film.push(&frame(index, width, height)).unwrap();
    }
    assert_eq!(film.num_frames(), num_frames);
    film.finish().unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Kind, offset and size of the boxes at the top of an MP4 file.
fn boxes(bytes: &[u8]) -> Vec<(FourCC, usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let mut cursor = Cursor::new(&bytes[at..]);
        let header = Header::decode(&mut cursor).unwrap();
        let size = header.size.expect("a box with a size") + cursor.position() as usize;
        found.push((header.kind, at, size));
        at += size;
    }
    assert_eq!(at, bytes.len(), "the boxes end where the file ends");
    found
}

#[test]
fn an_mp4_has_its_index_first_and_says_how_long_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    write(&path, 25, (64, 48), 10.0, false);
    let bytes = fs::read(&path).unwrap();
    let boxes = boxes(&bytes);
    let kinds: Vec<_> = boxes.iter().map(|found| found.0).collect();
    assert_eq!(kinds, [b"ftyp", b"moov", b"mdat"].map(FourCC::new));
    let (_, at, size) = boxes[1];
    let movie = Moov::decode(&mut &bytes[at..at + size]).unwrap();
    let media = &movie.trak[0].mdia;
    assert_eq!(media.mdhd.duration as f64 / f64::from(media.mdhd.timescale), 2.5);
    assert_eq!(movie.mvhd.duration as f64 / f64::from(movie.mvhd.timescale), 2.5);
    let table = &media.minf.stbl;
    assert_eq!(table.stss.as_ref().unwrap().entries, [1, 11, 21], "a key picture each second");
    let mp4_atom::StszSamples::Different { sizes } = &table.stsz.samples else { panic!("sizes differ") };
    assert_eq!(sizes.len(), 25);
    let (_, data_at, data_size) = boxes[2];
    let offset = table.co64.as_ref().unwrap().entries[0] as usize;
    assert_eq!(offset, data_at + 16);
    assert_eq!(sizes.iter().sum::<u32>() as usize, data_size - 16);
    // Every sample is a whole number of length-prefixed units, none of them parameters.
    let mut at = offset;
    for &size in sizes {
        let end = at + size as usize;
        while at < end {
            let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
            assert!(matches!(bytes[at + 4] & 0x1f, 1 | 5 | 6));
            at += 4 + length;
        }
        assert_eq!(at, end);
    }
}

#[test]
fn an_mp4_decodes_to_the_pictures_that_went_in() {
    use openh264::formats::YUVSource;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    write(&path, 3, (64, 48), 10.0, false);
    let bytes = fs::read(&path).unwrap();
    let (_, at, size) = boxes(&bytes)[1];
    let movie = Moov::decode(&mut &bytes[at..at + size]).unwrap();
    let table = &movie.trak[0].mdia.minf.stbl;
    let mp4_atom::Codec::Avc1(entry) = &table.stsd.codecs[0] else { panic!("H.264") };
    let mut decoder = openh264::decoder::Decoder::new().unwrap();
    let start = |unit: &[u8]| [&[0, 0, 0, 1], unit].concat();
    let mut stream = start(&entry.avcc.sequence_parameter_sets[0]);
    stream.extend(start(&entry.avcc.picture_parameter_sets[0]));
    let mut at = table.co64.as_ref().unwrap().entries[0] as usize;
    let mp4_atom::StszSamples::Different { sizes } = &table.stsz.samples else { panic!("sizes differ") };
    let (end, mut num_decoded) = (at + sizes.iter().sum::<u32>() as usize, 0);
    while at < end {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        stream.extend(start(&bytes[at + 4..at + 4 + length]));
        at += 4 + length;
        if let Some(picture) = decoder.decode(&stream).unwrap() {
            assert_eq!(picture.dimensions(), (64, 48));
            let mut rgb = vec![0; 64 * 48 * 3];
            picture.write_rgb8(&mut rgb);
            let corner = &rgb[..3];
            assert!(corner.iter().zip([20, 40, 60]).all(|(&a, b)| a.abs_diff(b) < 12), "{corner:?}");
            num_decoded += 1;
        }
        stream.clear();
    }
    assert_eq!(num_decoded, 3);
}

#[test]
fn a_gif_has_its_pictures_and_keeps_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.gif");
    write(&path, 30, (40, 30), 30.0, false);
    let mut decoder = gif::DecodeOptions::new().read_info(fs::File::open(&path).unwrap()).unwrap();
    assert_eq!((decoder.width(), decoder.height()), (40, 30));
    let (mut num_frames, mut hundredths) = (0, 0);
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        num_frames += 1;
        hundredths += u32::from(frame.delay);
    }
    assert_eq!((num_frames, hundredths), (30, 100));
}

#[test]
fn a_webp_has_its_very_pictures_and_keeps_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.webp");
    // Odd sides, pictures that repeat, and a third of a second that is no whole number of milliseconds.
    let indices = [0, 1, 1, 2, 5, 9, 9, 3, 0, 4, 6, 7];
    let mut film = FilmWriter::create(&path, 41, 31, 30.0, false).unwrap();
    for index in indices {
        film.push(&frame(index, 41, 31)).unwrap();
    }
    film.finish().unwrap();
    let bytes = fs::read(&path).unwrap();
    let told = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    assert_eq!((&bytes[..4], told), (&b"RIFF"[..], bytes.len() - 8));
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).unwrap();
    assert_eq!((decoder.dimensions(), decoder.num_frames()), ((41, 31), 12));
    assert!(decoder.is_animated() && matches!(decoder.loop_count(), image_webp::LoopCount::Forever));
    assert_eq!(decoder.loop_duration(), 400);
    let mut rgb = vec![0; decoder.output_buffer_size().unwrap()];
    let mut durations = Vec::new();
    for index in indices {
        durations.push(decoder.read_frame(&mut rgb).unwrap());
        assert_eq!(rgb, frame(index, 41, 31).rgb(), "picture {index}");
    }
    assert!(durations.iter().all(|duration| (33..=34).contains(duration)), "{durations:?}");
}

#[test]
fn pictures_survive_the_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("film.png"), 3, (33, 21), 30.0, false);
    assert_eq!(names(folder.path()), ["film"]);
    assert_eq!(names(&folder.path().join("film")), ["00000.png", "00001.png", "00002.png"]);
    let read = image::open(folder.path().join("film/00002.png")).unwrap().into_rgb8();
    assert_eq!(read.as_raw().as_slice(), frame(2, 33, 21).rgb());

    let single = folder.path().join("single.png");
    frame(1, 33, 21).save_png(&single, false).unwrap();
    assert_eq!(image::open(&single).unwrap().into_rgb8().as_raw().as_slice(), frame(1, 33, 21).rgb());
    assert!(matches!(frame(1, 3, 2).save_png(&single, false), Err(FilmError::AlreadyExists { .. })));
    frame(0, 3, 2).save_png(&single, true).unwrap();
    assert!(matches!(frame(1, 3, 2).save_png(Path::new("a.jpg"), false), Err(FilmError::UnknownExtension { .. })));
}

#[test]
fn a_dropped_film_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["film.mp4", "film.gif", "film.webp", "film.png"] {
        let mut film = FilmWriter::create(&folder.path().join(name), 32, 32, 10.0, false).unwrap();
        film.push(&frame(0, 32, 32)).unwrap();
        drop(film);
        assert!(names(folder.path()).is_empty(), "{name}");
        let empty = FilmWriter::create(&folder.path().join(name), 32, 32, 10.0, false).unwrap();
        assert!(matches!(empty.finish(), Err(FilmError::NoFrames { .. })));
        assert!(names(folder.path()).is_empty(), "{name}");
    }
}

#[test]
fn what_is_there_is_kept_unless_overwriting_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["film.mp4", "film.gif", "film.webp"] {
        let path = folder.path().join(name);
        fs::write(&path, "precious").unwrap();
        let refused = FilmWriter::create(&path, 32, 32, 10.0, false);
        assert!(matches!(refused, Err(FilmError::AlreadyExists { .. })));
        drop(FilmWriter::create(&path, 32, 32, 10.0, true).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"precious");
        write(&path, 2, (32, 32), 10.0, true);
        assert_ne!(fs::read(&path).unwrap(), b"precious");
    }
    // It may also have appeared while the film was made.
    let late = folder.path().join("late.mp4");
    let mut film = FilmWriter::create(&late, 32, 32, 10.0, false).unwrap();
    film.push(&frame(0, 32, 32)).unwrap();
    fs::write(&late, "precious").unwrap();
    assert!(matches!(film.finish(), Err(FilmError::AlreadyExists { .. })));
    assert_eq!(fs::read(&late).unwrap(), b"precious");
    assert_eq!(names(folder.path()), ["film.gif", "film.mp4", "film.webp", "late.mp4"]);
}

#[test]
fn a_folder_of_pictures_is_replaced_only_when_it_holds_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.png");
    write(&path, 3, (32, 32), 10.0, false);
    assert!(matches!(FilmWriter::create(&path, 32, 32, 10.0, false), Err(FilmError::AlreadyExists { .. })));
    write(&path, 2, (32, 32), 10.0, true);
    assert_eq!(names(&folder.path().join("film")), ["00000.png", "00001.png"]);
    assert_eq!(names(folder.path()), ["film"]);
    fs::write(folder.path().join("film/thesis.txt"), "precious").unwrap();
    let refused = FilmWriter::create(&path, 32, 32, 10.0, true);
    assert!(matches!(refused, Err(FilmError::FolderHoldsOtherThings { .. })));
    assert_eq!(fs::read(folder.path().join("film/thesis.txt")).unwrap(), b"precious");
}

#[test]
fn impossible_films_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let try_create = |name: &str, width, height, fps| {
        FilmWriter::create(&folder.path().join(name), width, height, fps, false).err().expect("an error")
    };
    for name in ["film.avi", "film", "film.", ".mp4"] {
        assert!(matches!(try_create(name, 32, 32, 10.0), FilmError::UnknownExtension { .. }), "{name}");
    }
    for (width, height) in [(0, 32), (33, 32), (32, 31), (8, 8), (4000, 100), (3840, 2400), (usize::MAX, 2)] {
        assert!(matches!(try_create("a.mp4", width, height, 10.0), FilmError::FilmSize { .. }), "{width}x{height}");
    }
    assert!(matches!(try_create("a.gif", 0, 5, 10.0), FilmError::FilmSize { .. }));
    assert!(matches!(try_create("a.png", 5000, 5, 10.0), FilmError::FilmSize { .. }));
    for fps in [0.0, -1.0, f64::NAN, f64::INFINITY, 1000.0] {
        assert!(matches!(try_create("a.mp4", 32, 32, fps), FilmError::FrameRate { .. }), "{fps}");
    }
    assert!(matches!(try_create("a.gif", 32, 32, 60.0), FilmError::FrameRate { .. }));
    assert!(matches!(try_create("a.webp", 32, 32, 61.0), FilmError::FrameRate { .. }));
    for name in ["missing/a.mp4", "missing/a.gif", "missing/a.webp", "missing/a.png"] {
        let error = try_create(name, 32, 32, 10.0);
        assert!(matches!(error, FilmError::Io { .. }), "{error}");
        assert!(error.to_string().contains("missing"), "{error}");
    }
    let mut film = FilmWriter::create(&folder.path().join("a.mp4"), 32, 32, 10.0, false).unwrap();
    assert!(matches!(film.push(&frame(0, 32, 34)), Err(FilmError::FrameSize { found_height: 34, .. })));
    assert!(matches!(Canvas::new(0, 3, [0; 3]), Err(FilmError::CanvasSize { .. })));
    assert!(matches!(Canvas::new(3, 100_000, [0; 3]), Err(FilmError::CanvasSize { .. })));
    drop(film);
    assert!(names(folder.path()).is_empty());
}
