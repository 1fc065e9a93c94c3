//! Compiles separate crates that use the macros: the library under another name, an older edition, all lints denied.

use std::path::Path;
use std::process::Command;

#[test]
fn jobs_compile_without_a_warning_in_crates_of_all_kinds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixture = root.join("tests/renamed");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into).join("renamed");
    // The same locked versions as the workspace, so that nothing is downloaded.
    std::fs::copy(root.join("Cargo.lock"), fixture.join("Cargo.lock")).expect("the lock file can be copied");
    let packages = ["renamed", "older", "strict"].into_iter().flat_map(|name| ["--package", name]);
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--quiet", "--no-deps"])
        .args(packages)
        .args(["--", "--deny", "warnings"])
        .current_dir(&fixture)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("cargo runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}
