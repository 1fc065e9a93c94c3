//! Image variants: one job enqueues a job for each variant of a picture. Those jobs compute, so they are blocking
//! functions and run on their own threads.
//!
//! `cargo run --example images` leaves `images.db` and the folder `images` in the current folder.

use std::fs;
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::{ImageError, Rgb, RgbImage};
use jobs::prelude::*;
use jobs::store::Filter;
use jobs::{JobId, State};

/// The widths of the variants in pixels.
const WIDTHS: [u32; 3] = [160, 80, 40];

/// Enqueues a job for each variant of a picture, all in one statement.
///
/// If the process dies after that and before this job is marked as finished, the variants are enqueued again. That is
/// harmless: a variant that is made twice is the same file.
#[job(queue = "images")]
async fn make_variants(picture: PathBuf) -> jobs::Result<()> {
    let variants = WIDTHS.map(|width| ResizeImage::new(picture.clone(), width));
    let enqueued = Client::current()?.perform_all_later(variants).await?;
    println!("  {}: {} variants enqueued", picture.display(), enqueued.len());
    Ok(())
}

/// Makes one variant. It is a blocking function, because it computes: on its own thread it does not delay other tasks.
#[job(
    queue = "images",
    priority = -1,
    blocking,
    timeout = 1m,
    retry_on(ImageError::IoError(_), wait = 1s, attempts = 5),
    discard_on(ImageError::Decoding(_)),
)]
fn resize_image(picture: PathBuf, width: u32) -> Result<(), ImageError> {
    let original = image::open(&picture)?;
    let height = original.height() * width / original.width();
    let variant = original.resize_exact(width, height, FilterType::Triangle);
    // Written to another file and then renamed, so that no reader sees an incomplete picture.
    let (file, incomplete) =
        (variant_of(&picture, width), variant_of(&picture, width).with_extension("incomplete.png"));
    variant.save(&incomplete)?;
    fs::rename(&incomplete, &file)?;
    println!("  {} is {width} × {height}", file.display());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from("images");
    fs::create_dir_all(&folder)?;
    let pictures = [("wide", 320, 200), ("tall", 200, 400), ("small", 64, 64)];
    for (name, width, height) in pictures {
        draw(width, height).save(folder.join(format!("{name}.png")))?;
    }
    fs::write(folder.join("broken.png"), "this is text and not a picture")?;

    let runtime = Runtime::builder().connect("sqlite:images.db").build().await?;
    runtime.client().install();
    let mut last = Enqueued::Halted;
    for name in ["wide", "tall", "small", "broken"] {
        last = MakeVariants::perform_later(folder.join(format!("{name}.png"))).await?;
    }
    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    for (name, width, height) in pictures {
        for wanted in WIDTHS {
            let variant = image::open(variant_of(&folder.join(format!("{name}.png")), wanted))?.to_rgb8();
            assert_eq!(variant.dimensions(), (wanted, height * wanted / width), "the variant of {name}");
            assert!(is_red(&variant, 10) && !is_red(&variant, 90), "{name} is red only on its left side");
        }
    }
    let discarded = discarded_after(&running.client(), last.id()).await?;
    assert_eq!(discarded.len(), WIDTHS.len(), "a file that is not a picture has no variants");
    println!(
        "all variants of three pictures can be opened; the jobs for the text file were discarded: {}",
        discarded[0]
    );
    Ok(())
}

fn variant_of(picture: &Path, width: u32) -> PathBuf {
    picture.with_extension(format!("{width}.png"))
}

/// Draws a picture that is red on the left and blue on the right.
fn draw(width: u32, height: u32) -> RgbImage {
    let colour = |x| if x < width / 2 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    RgbImage::from_fn(width, height, |x, _| colour(x))
}

/// Whether the picture is red at this percentage of its width.
fn is_red(picture: &RgbImage, percent: u32) -> bool {
    let Rgb([red, _, blue]) = *picture.get_pixel(picture.width() * percent / 100, 0);
    red > blue
}

/// The errors of the discarded jobs that were enqueued after this job.
async fn discarded_after(jobs: &Client, after: Option<JobId>) -> jobs::Result<Vec<String>> {
    let filter = Filter { after: after.map(Into::into), ..Filter::state(State::Discarded) };
    let discarded = jobs.inspect()?.list(&filter).await?.into_iter();
    Ok(discarded.filter_map(|job| job.errors.last().map(|error| error.message.clone())).collect())
}
