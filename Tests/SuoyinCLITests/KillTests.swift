// Does everything that was acknowledged survive `kill -9`, wherever it strikes?
//
// Promise P1. SUOYIN_KILL_POINTS and SUOYIN_RANDOM_KILLS set how many points are tried; scripts/torture tries all of them.
internal import Glibc
import SuoyinTestKit
import Testing

@Suite(.enabled(if: CommandRunner.whyNotTraced == nil || announceSkipped("P1, kills at system calls", CommandRunner.whyNotTraced ?? "")))
struct KillTests {
  @Test func `nothing acknowledged is lost and every index opens`() throws {
    let run = try ScriptedRun()
    let points = ScriptedRun.spread(setting("SUOYIN_KILL_POINTS", default: 40), over: run.calls) { $0 }
    var figures = Figures()
    for call in points {
      let outcome = try run.disturb(call, "signal=KILL")
      #expect(outcome.result.ending == .signalled(9), "not killed at \(call): \(outcome.result)")
      figures.count(outcome, "killed before \(call)")
    }
    let place = "\(run.calls.count), \(points.count(where: \.isChange)) of them before changes on the disk"
    print("P1: \(points.count) kill points of \(place), in \(run.commandCount) commands: \(figures)")

    var random = SeededRandom(seed: SeededRandom.seeds(1)[0])
    figures = Figures()
    let kills = setting("SUOYIN_RANDOM_KILLS", default: 10)
    for _ in 0..<kills {
      let command = random.below(run.commandCount)
      let part = Double(random.below(1000)) / 1000
      let signal = random.element([SIGKILL, SIGKILL, SIGTERM, SIGINT])
      let outcome = try run.kill(command, by: signal, after: part)
      figures.count(outcome, "ended by signal \(signal) in command \(command) after \(part) of its time; \(random.advice)")
    }
    print("P1: \(kills) kills at random times, half of them by SIGTERM or SIGINT: \(figures)")
  }
}

/// How many indexes of a long test were found as they must not be.
struct Figures: CustomStringConvertible {
  private var lost = 0
  private var unopenable = 0
  private var wrong = 0
  private var new = 0

  var description: String { "\(lost) lost, \(unopenable) unopenable, \(wrong) otherwise wrong (\(new) had the new contents)" }

  mutating func count(_ outcome: ScriptedRun.Outcome, _ what: String) {
    if outcome.isNew { new += 1 }
    if outcome.isLost { lost += 1 }
    if outcome.isUnopenable { unopenable += 1 }
    if !outcome.problems.isEmpty, !outcome.isLost, !outcome.isUnopenable { wrong += 1 }
    #expect(outcome.problems.isEmpty, "\(what): \(outcome.problems.joined(separator: "; "))\n\(outcome.result)")
  }
}
