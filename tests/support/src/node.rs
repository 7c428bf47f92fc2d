//! Scripts run by Node.js, with the npm packages that the lock files in `tests/clients` pin.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use parking_lot::Mutex;
use serde_json::Value;

use crate::repository;

/// A folder below `tests/clients`; an empty path is that folder itself.
#[must_use]
pub fn clients(folder: &str) -> PathBuf {
    repository().join("tests/clients").join(folder)
}

/// Runs a script of `tests/clients`: the JSON that it prints.
pub fn run(script: &str, arguments: &[&str]) -> Value {
    let folder = clients("");
    install(&folder);
    let output = Command::new("node")
        .arg(folder.join(script))
        .args(arguments)
        .output()
        .expect("this test needs Node.js: install it (apt-get install nodejs npm)");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script}: {error}: {output:?}"))
}

/// Installs the packages of a folder, unless those of its lock file are installed already: then no network is needed.
pub fn install(folder: &Path) {
    static INSTALLED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    // Held while npm runs: two tests must not install into one folder at once.
    let mut installed = INSTALLED.lock();
    if !installed.insert(folder.to_owned()) {
        return;
    }
    let age = |path: &str| {
        std::fs::metadata(folder.join(path))
            .and_then(|data| data.modified())
            .ok()
    };
    if age("node_modules/.package-lock.json") >= age("package-lock.json") {
        return;
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(folder)
        .output()
        .expect("this test needs npm: install it (apt-get install nodejs npm)");
    assert!(npm.status.success(), "npm ci: {}", String::from_utf8_lossy(&npm.stderr));
}
