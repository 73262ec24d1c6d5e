//! A folder of its own in which a test runs imr.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A folder with a folder `letters` in it, where imr runs.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("letters")).unwrap();
        Place(dir)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, case: &str, items: &[&str]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), super::common::letter(case, items)).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
        command.args(args).env("NO_COLOR", "1").env_remove("IMR_INDEX").current_dir(self.0.path());
        command
    }

    /// Runs imr; its status, and what it says on both streams.
    pub fn imr(&self, args: &[&str]) -> (Option<i32>, String) {
        let done = self.command(args).output().unwrap();
        (done.status.code(), String::from_utf8([done.stdout, done.stderr].concat()).unwrap())
    }

    pub fn ids(&self) -> Vec<String> {
        let (_, said) = self.imr(&["query", "*", "--format", "ids", "--sort", "oldest"]);
        said.lines().map(str::to_owned).filter(|line| line.starts_with("CM")).collect()
    }
}
