// Small choices that this browser keeps for the next visit. One that keeps nothing (site data blocked) throws at the mere mention of
// its storage; it forgets them, and nothing else depends on that.

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Forgotten at the end of the visit.
  }
}
