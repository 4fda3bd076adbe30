document.title = JSON.stringify(await chrome.runtime.sendMessage('work'));
