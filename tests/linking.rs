//! Jobs of a library crate that the program never names, in release with fat link-time optimisation.

use std::path::Path;
use std::process::Command;

#[test]
fn jobs_of_a_library_run_in_a_release_build_with_fat_lto() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixture = root.join("tests/linking");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into).join("linking");
    // The versions that the workspace has locked, so that nothing new is fetched.
    std::fs::copy(root.join("Cargo.lock"), fixture.join("Cargo.lock")).expect("the lock file can be copied");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--package", "shop"])
        .current_dir(&fixture)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("cargo runs");
    let (printed, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    for line in ["shipped 42", "billed 42"] {
        assert!(printed.contains(line), "`{line}` is missing in:\n{printed}\n{said}");
    }
}
