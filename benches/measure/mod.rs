//! What a process has used, as Linux counts it.
//!
//! CPU time and not time on the clock, so that what else the machine does is left out of it.

#![allow(dead_code, reason = "each benchmark measures what it needs")]

use std::fs;

/// CPU time is counted in ticks of a hundredth of a second.
pub const TICKS_A_SECOND: f64 = 100.0;

/// User and system time of this process and of its children that have ended.
pub fn cpu_ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("a system with /proc");
    // The name of the process stands in brackets and may hold anything; utime is the twelfth field after it.
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    fields.split_whitespace().skip(11).take(4).map(|field| field.parse::<u64>().expect("a number")).sum()
}

/// Forgets the most memory that was used until now.
pub fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("a process may forget its own peak");
}

/// The most memory that was in use at once, in bytes.
pub fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("a system with /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}
